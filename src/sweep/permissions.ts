import type { Bed } from "../app/bed.ts";
import type { Step } from "../command/step.ts";
import type { Outcome, Source } from "../driver/driver.ts";
import { DONE, fail } from "../driver/outcome.ts";

/** Recipes run as root on the operator's swarm: what reaches the host must be named in `permissions:`. */
export async function permissionProblem(
  bed: Bed,
  source: Source,
  granted: readonly string[],
  step: Step,
): Promise<Outcome> {
  const needed = await bed.driver.permissionsNeeded(bed.app, source, step);
  if (!needed.ok) return needed;
  const missing = needed.value.filter((permission) => !granted.includes(permission));
  if (missing.length === 0) return DONE;
  return fail("refused", "permission", `permission: ${missing.join(", ")} not granted in recipe.yaml`);
}
