import { z } from "zod";
import { type UnderWay, underWay } from "../core/under-way.ts";
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

/** Who is at work in the state folder, and with what. */
export interface Work {
  holder: LockHolder;
  /** What its journal says; null where it does not tell, or not yet. */
  progress: UnderWay | null;
}

/** The work under way in a state folder, read from its files; null when nobody is at work. */
export function workUnderWay(state: StatePaths): Work | null {
  const holder = whoIsAtWork(state);
  if (holder === null) return null;
  return { holder, progress: underWay(readJournalIfReadable(state.run(holder.run).journal, Line)) };
}
