import { z } from "zod";
import { type JsonReading, readJson, writeJson } from "../state/files.ts";
import { removeFileForGood } from "../state/folders.ts";
import type { CanonicalPaths } from "../state/paths.ts";
import { type Room, takeRoom } from "../state/room.ts";

export const PROMOTION_SCHEMA = 1;

/** The steps of a promotion, in order; each is noted before it is taken. */
export const PROMOTION_STEPS = [
  "settle",
  "stop",
  "snapshot",
  "clear",
  "deploy",
  "read-back",
  "sentinel",
  "retain",
  "record",
] as const;
export type PromotionStep = (typeof PROMOTION_STEPS)[number];

/**
 * `promotion.json`: holds everything that the next run needs to undo a promotion. It exists while the promotion is
 * under way and until its end was seen: for a live canonical, until it answers again.
 */
export const PromotionJournal = z.object({
  schema: z.literal(PROMOTION_SCHEMA),
  run: z.string(),
  recipe: z.string(),
  kind: z.enum(["seed", "advance"]),
  from: z.object({ version: z.string(), commit: z.string() }).nullable(),
  to: z.object({ version: z.string(), commit: z.string() }),
  step: z.enum(PROMOTION_STEPS),
  /** The old data is complete in `snapshots/<recipe>`. */
  snapshotComplete: z.boolean(),
  /** An earlier canonical had data: a rollback restores it. */
  hadData: z.boolean(),
  /** A live canonical was running: a rollback starts it again. */
  wasLive: z.boolean(),
  /** A rollback has restored the old data: the running app may change it from here on, so it is not restored again. */
  dataBack: z.boolean().optional(),
  /** Secrets and configs that existed before. */
  secrets: z.array(z.string()),
  configs: z.array(z.string()),
  domain: z.string(),
  lane: z.string(),
  startedAt: z.string(),
});
export type PromotionJournal = z.infer<typeof PromotionJournal>;

/** A promotion under way, as read from disk. One of another recipe in its place is unreadable. */
export function readJournal(paths: CanonicalPaths, recipe: string): JsonReading<PromotionJournal> {
  const reading = readJson(paths.promotion, PromotionJournal, PROMOTION_SCHEMA);
  if (reading.state !== "read" || reading.value.recipe === recipe) return reading;
  return { state: "unreadable", problem: `${paths.promotion} is the promotion of ${reading.value.recipe}` };
}

/**
 * Changes the journal, first on disk and then in memory, so that a rollback now and one in the next run know the same.
 * If it cannot be written, this throws and nothing has changed.
 */
export function noteInJournal(
  { journal, paths, room }: { journal: PromotionJournal; paths: CanonicalPaths; room: Room | null },
  change: Partial<PromotionJournal>,
): void {
  const next = { ...journal, ...change };
  if (room === null) writeJson(paths.promotion, next);
  else room.writeJson(paths.promotion, next);
  Object.assign(journal, change);
}

/** One note per step, one each for the snapshot and the restored data, and one for a failed rollback. */
const NOTES = PROMOTION_STEPS.length + 3;
/** Growth of the journal after the space is reserved: another step, two marks, and an error of one line. */
const SLACK_BYTES = 2048;
const BLOCK_BYTES = 4096;

/** Reserves the space for all further notes of a promotion, so that its end is recorded even if the disk is full. */
export function takeRoomForNotes(paths: CanonicalPaths, journal: PromotionJournal): Room {
  const bytes = Buffer.byteLength(JSON.stringify(journal, null, 2)) + SLACK_BYTES;
  return takeRoom(paths.folder, NOTES, Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES);
}

/** Ends the promotion for good: a journal that a loss of power brought back would be acted on again. */
export function dropJournal(paths: CanonicalPaths): void {
  removeFileForGood(paths.promotion);
}
