import { tidyKeptTests } from "../canonical/kept-tests.ts";
import { dropJournal, type PromotionJournal } from "../canonical/promotion-journal.ts";
import { appendHistoryOnce, type HistoryEntry } from "../canonical/store.ts";
import type { Step } from "../command/step.ts";
import { messageOf } from "../fault.ts";
import { removeTree } from "../state/files.ts";
import type { CanonicalPaths } from "../state/paths.ts";

/** Where a promotion stands on disk. */
export interface PromotionPaths {
  paths: CanonicalPaths;
  /** `snapshots/<recipe>`, absolute. */
  snapshot: string;
}

/** What the history is to say of a promotion that is given up. */
export interface GivenUp {
  ts: string;
  event: "refused" | "rolled-back";
  reason: string;
}

/**
 * Ends a promotion on disk, in the one order that neither a kill nor a loss of power turns into damage. What
 * happened stands in the history before the journal goes; the journal is off the disk before the first file of
 * the snapshot is removed, because a rollback would restore the data from whatever is left of it. A snapshot
 * without a journal is removed by the next run.
 */
export function endPromotion({ paths, snapshot }: PromotionPaths, entry: HistoryEntry, step: Step): void {
  try {
    appendHistoryOnce(paths, entry);
  } catch (error) {
    // The history of a record leads to it. What was undone is as it was, also where no line can be written of it.
    if (entry.event !== "rolled-back" && entry.event !== "refused") throw error;
    step.warn(`the history lacks that ${entry.to} was ${entry.event}: ${messageOf(error)}`);
  }
  tidyKeptTests(paths);
  dropJournal(paths);
  removeTree(snapshot);
}

/** What the history says of a promotion that counts. */
export function promotedEntry(journal: PromotionJournal, ts: string): HistoryEntry {
  return { ...entryOf(journal, ts), event: journal.kind, commit: journal.to.commit };
}

/** What the history says of a promotion that was given up. */
export function givenUpEntry(journal: PromotionJournal, { ts, event, reason }: GivenUp): HistoryEntry {
  return { ...entryOf(journal, ts), event, reason };
}

function entryOf(journal: PromotionJournal, ts: string): Pick<HistoryEntry, "ts" | "from" | "to" | "run"> {
  return { ts, from: journal.from?.version ?? null, to: journal.to.version, run: journal.run };
}
