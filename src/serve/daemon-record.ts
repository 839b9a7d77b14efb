import { z } from "zod";
import type { PastFire } from "../core/schedule/next-fire.ts";
import { readJson, writeJson } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";

const DAEMON_SCHEMA = 1;

/** `daemon.json`: the daemon's last firing. The result is not here but in the run's report. */
export const DaemonRecord = z.object({
  schema: z.literal(DAEMON_SCHEMA),
  /** When a daemon first ran on this state folder. */
  since: z.iso.datetime(),
  lastFire: z
    .object({
      due: z.iso.datetime(),
      firedAt: z.iso.datetime(),
      trigger: z.enum(["daemon", "catch-up"]),
      attempts: z.number().int(),
      ended: z.boolean(),
      exit: z.number().nullable(),
    })
    .nullable(),
});
export type DaemonRecord = z.infer<typeof DaemonRecord>;

/** The record; null if there is none. Returns a problem for an unreadable one: it might say that a sweep was done. */
export function readDaemonRecord(state: StatePaths): DaemonRecord | { problem: string } | null {
  const reading = readJson(state.daemon, DaemonRecord, DAEMON_SCHEMA);
  if (reading.state === "absent") return null;
  return reading.state === "read" ? reading.value : { problem: reading.problem };
}

export function newDaemonRecord(now: number): DaemonRecord {
  return { schema: DAEMON_SCHEMA, since: new Date(now).toISOString(), lastFire: null };
}

export function writeDaemonRecord(state: StatePaths, record: DaemonRecord): void {
  writeJson(state.daemon, record);
}

/** The last firing in the terms of the schedule. */
export function pastFire({ lastFire }: DaemonRecord): PastFire | null {
  if (lastFire === null) return null;
  const { attempts, due, ended, firedAt } = lastFire;
  return { due: Date.parse(due), firedAt: Date.parse(firedAt), attempts, ended };
}
