import { z } from "zod";
import { type UnderWay, underWay } from "../core/records/under-way.ts";
import type { LockHolder } from "../lock/lock-holder.ts";
import { readJournalIfReadable } from "../report/journal.ts";
import { whoIsAtWork } from "../report/who-is-at-work.ts";
import type { StatePaths } from "../state/paths.ts";

const Line = z.looseObject({
  ts: z.string(),
  event: z.string(),
  recipe: z.string().optional(),
  tier: z.string().optional(),
  limit: z.string().optional(),
});

/** The run at work in the state folder, and its work. */
export interface Work {
  holder: LockHolder;
  /** Its progress from the journal; null if unknown. */
  progress: UnderWay | null;
}

/** The work under way in a state folder, from its files; null if there is none. */
export function workUnderWay(state: StatePaths): Work | null {
  const holder = whoIsAtWork(state);
  if (holder === null) return null;
  return { holder, progress: underWay(readJournalIfReadable(state.run(holder.run).journal, Line)) };
}
