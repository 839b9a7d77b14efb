import { join } from "node:path";
import type { Toolbox } from "../command/toolbox.ts";
import { Fault } from "../fault.ts";
import type { Clock } from "../log.ts";
import type { StatePaths } from "../state/paths.ts";
import { takeFlock } from "./flock.ts";
import { openLockFile } from "./lock-file.ts";

const LIMIT_MS = 30_000;

/**
 * Changes exceptions while nobody else does: a concurrent read, change and write would lose the other's change. Never
 * waits for a sweep, which only reads them.
 */
export async function oneAtATime<T>(
  state: Pick<StatePaths, "exceptions">,
  tools: Toolbox,
  clock: Clock,
  change: () => T,
): Promise<T> {
  const path = join(state.exceptions, ".lock");
  const file = openLockFile(path);
  try {
    const end = await takeFlock({ clock, tools }, file.fd, "--exclusive", LIMIT_MS);
    if (end === "taken") return change();
    const why = end === "held" ? "another one holds it" : end.problem;
    throw new Fault("machinery", `cannot lock ${path}: ${why}`, "try again; nothing was changed");
  } finally {
    file.close();
  }
}
