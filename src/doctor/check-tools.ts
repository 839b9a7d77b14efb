import { installCommandOf, remedyOf } from "../command/toolbox.ts";
import type { ToolReport } from "../environment/preflight.ts";
import { aside, type Check, fault, fine, note, unknown } from "./check.ts";

/** A line for each tool of the tool declaration and of `tools:`. */
export function checkTools(reports: readonly ToolReport[]): Check[] {
  return reports.map((report) => {
    const { atLeast, name, neededFor, path, problem, version } = report;
    const use = neededFor === null ? "only in the fingerprint" : `needed for ${neededFor}`;
    if (problem !== null) return fault(name, `${problem}; ${use}`, remedyOf(name), installCommandOf(name));
    if (path === null) return note(name, "not there; nothing that is configured needs it");
    const least = atLeast === null ? "" : `, at least ${atLeast}`;
    if (version !== null) return fine(name, `${version} (${path})${least}; ${use}`);
    return aside(unknown(name, `${path} does not say its version; ${use}`, "see whether it runs", path));
  });
}
