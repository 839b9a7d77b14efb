import { randomBytes } from "node:crypto";
import type { Clock } from "../log.ts";

/** The id of a run: it sorts by time and is unique among all state folders, because it marks processes. */
export function newRunId(clock: Clock): string {
  const time = new Date(clock.now()).toISOString().replaceAll(/[-:.]/g, "");
  return `${time}-${randomBytes(4).toString("hex")}`;
}
