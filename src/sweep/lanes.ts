import type { Config, LaneConfig } from "../config/config.ts";
import { Fault } from "../fault.ts";

/** The lane of this name; null: the first. A canonical stays on the lane that holds its data. */
export function laneOf(config: Config, name: string | null): LaneConfig {
  const lane = name === null ? config.lanes[0] : config.lanes.find((entry) => entry.name === name);
  if (lane !== undefined) return lane;
  throw new Fault(
    "configuration",
    `the lane ${name} holds a canonical and is configured no more`,
    "name it in `lanes:` of sweep.yaml again",
  );
}
