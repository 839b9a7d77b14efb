import { createDocker, type Docker } from "../docker/docker.ts";
import type { Lane } from "../driver/driver.ts";
import type { Context } from "./context.ts";
import { dockerEnvironment } from "./drivers.ts";

/** The docker client of a lane, for what concerns the lane itself rather than one app. */
export function dockerOfLane(context: Context, lane: Lane): Docker {
  return createDocker({
    file: context.tools.find("docker"),
    context: lane.context,
    environment: { LANG: "C", PATH: context.tools.searchPath, ...dockerEnvironment(context) },
  });
}
