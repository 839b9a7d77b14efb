import type { Step } from "../command/step.ts";
import { normalPath } from "../compose/permissions.ts";
import { type ActResult, DONE, refuseFor } from "../core/act.ts";
import type { Source } from "../core/app.ts";
import type { AppUnderTest } from "./under-test.ts";

/**
 * Recipes run as root on the operator's swarm: everything that reaches the host must be named in `permissions:`,
 * exactly. A permission for a folder covers no folder below or above it.
 */
export async function permissionProblem(
  underTest: AppUnderTest,
  source: Source,
  step: Step,
): Promise<ActResult> {
  const needed = await underTest.driver.permissionsNeeded(underTest.app, source, step);
  if (!needed.ok) return needed;
  const granted = underTest.permissions.map(normalPermission);
  const missing = needed.value.filter((permission) => !granted.includes(permission));
  const named = missing.filter((permission) => GRANTABLE.test(permission));
  const others = missing.filter((permission) => !GRANTABLE.test(permission));
  const problems = [
    ...(named.length === 0 ? [] : [`${named.join(", ")} not granted in recipe.yaml`]),
    ...(others.length === 0 ? [] : [`nothing grants ${others.join(", ")}`]),
  ];
  return problems.length === 0
    ? DONE
    : refuseFor("permission", { code: "permission", detail: problems.join("; ") });
}

const HOST_MOUNT = "host-mount:";
const GRANTABLE = /^(docker-socket$|host-mount:\/|network:|hostname:)/;

function normalPermission(permission: string): string {
  return permission.startsWith(HOST_MOUNT)
    ? `${HOST_MOUNT}${normalPath(permission.slice(HOST_MOUNT.length))}`
    : permission;
}
