import type { Lane } from "../core/app.ts";
import { createDocker, type Docker } from "../docker/docker.ts";
import type { Context } from "./context.ts";

/** The docker client of a lane, for what concerns the lane itself rather than one app. */
export function dockerOfLane(context: Context, lane: Lane): Docker {
  return createDocker({
    file: context.tools.find("docker"),
    context: lane.context,
    searchPath: context.tools.searchPath,
    home: context.home,
  });
}
