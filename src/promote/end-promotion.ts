import { tidyKeptTests } from "../canonical/kept-tests.ts";
import { dropJournal, type PromotionJournal } from "../canonical/promotion-journal.ts";
import { appendHistoryOnce, type HistoryEntry } from "../canonical/store.ts";
import type { Step } from "../command/step.ts";
import { messageOf } from "../fault.ts";
import { removeTree } from "../state/files.ts";
import type { CanonicalPaths } from "../state/paths.ts";

/** The files of a promotion on disk. */
export interface PromotionPaths {
  paths: CanonicalPaths;
  /** `snapshots/<recipe>`, absolute. */
  snapshot: string;
}

/** Facts for the history about a promotion that is given up. */
export interface GivenUp {
  ts: string;
  event: "refused" | "rolled-back";
  reason: string;
}

/**
 * Ends a promotion on disk, in the one order in which neither a kill nor a loss of power does damage. The history has
 * the outcome before the journal goes; the journal is off the disk before the first file of the snapshot is removed,
 * because a rollback would restore whatever is left of it. The next run removes a snapshot without a journal.
 */
export function endPromotion({ paths, snapshot }: PromotionPaths, entry: HistoryEntry, step: Step): void {
  try {
    appendHistoryOnce(paths, entry);
  } catch (error) {
    // A record needs its line in the history. A rollback has restored everything, so it may go without one.
    if (entry.event !== "rolled-back" && entry.event !== "refused") throw error;
    step.warn(`the history lacks that ${entry.to} was ${entry.event}: ${messageOf(error)}`);
  }
  tidyKeptTests(paths);
  dropJournal(paths);
  removeTree(snapshot);
}

/** The history entry of a promotion that counts. */
export function promotedEntry(journal: PromotionJournal, ts: string): HistoryEntry {
  return { ...entryOf(journal, ts), event: journal.kind, commit: journal.to.commit };
}

/** The history entry of a promotion that was given up. */
export function givenUpEntry(journal: PromotionJournal, { ts, event, reason }: GivenUp): HistoryEntry {
  return { ...entryOf(journal, ts), event, reason };
}

function entryOf(journal: PromotionJournal, ts: string): Pick<HistoryEntry, "ts" | "from" | "to" | "run"> {
  return { ts, from: journal.from?.version ?? null, to: journal.to.version, run: journal.run };
}
