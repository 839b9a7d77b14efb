import type { Config, LaneConfig } from "../config/config.ts";
import type { Lane } from "../core/app.ts";
import type { RecordReading } from "../core/canonical.ts";
import { createDocker, type Docker } from "../docker/docker.ts";
import { Fault } from "../fault.ts";
import type { Context } from "./context.ts";

/** The lane that holds the data of a canonical; the first lane without one. */
export function laneOfRecord(config: Config, reading: RecordReading): LaneConfig {
  return laneOf(config, reading.state === "read" ? (reading.record.lane ?? null) : null);
}

/** The lane of this name; null: the first. A canonical stays on the lane that holds its data. */
export function laneOf(config: Config, name: string | null): LaneConfig {
  const lane = name === null ? config.lanes[0] : config.lanes.find((entry) => entry.name === name);
  if (lane !== undefined) return lane;
  throw new Fault(
    "configuration",
    `the lane ${name} is no longer configured but still holds a canonical`,
    "name it in `lanes:` of sweep.yaml again",
  );
}

/** The docker client of a lane, for the lane itself rather than one app. */
export function dockerOfLane(context: Context, lane: Lane): Docker {
  return createDocker({
    file: context.tools.find("docker"),
    context: lane.context,
    searchPath: context.tools.searchPath,
    home: context.home,
  });
}
