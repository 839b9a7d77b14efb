import { join, resolve } from "node:path";
import { Fault } from "../fault.ts";
import { exists } from "../state/files.ts";

const SYSTEM_FOLDER = "/etc/canonical-sweep";

export interface WhereToLook {
  /** `--config`. */
  option: string | undefined;
  /** `$CANONICAL_SWEEP_CONFIG`. */
  variable: string | undefined;
  workingDirectory: string;
}

/**
 * The configuration folder, absolute: the requested one, then the variable, then the working directory if it holds
 * `sweep.yaml`, then `/etc/canonical-sweep`. A named folder is used even if it is empty, so that the error concerns it.
 * Throws a `Fault` (configuration) if there is none.
 */
export function findConfigurationFolder(where: WhereToLook): string {
  const named = where.option ?? (where.variable || undefined);
  if (named !== undefined) return resolve(where.workingDirectory, named);
  const found = [where.workingDirectory, SYSTEM_FOLDER].find((folder) => exists(join(folder, "sweep.yaml")));
  if (found !== undefined) return found;
  throw new Fault(
    "configuration",
    `no configuration: there is no sweep.yaml in ${where.workingDirectory}, nor in ${SYSTEM_FOLDER}`,
    "make one here with: canonical-sweep init; or name its folder with --config DIR or $CANONICAL_SWEEP_CONFIG",
  );
}
