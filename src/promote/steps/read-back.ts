import { type ActResult, DONE, fail } from "../../core/act.ts";
import { unknownVersion } from "../../core/read-back.ts";
import type { Promoting } from "../request.ts";

/** The running version must be known and must be the tested one. */
export async function readBack(promoting: Promoting): Promise<ActResult> {
  const { deployed, proven } = promoting;
  if (deployed === null) throw new Error("nothing was deployed before the read-back");
  if (deployed.version === proven.version) return DONE;
  return fail(
    "machinery",
    "read-back",
    deployed.version === null
      ? unknownVersion(deployed)
      : `${deployed.version} runs, ${proven.version} was tested`,
  );
}
