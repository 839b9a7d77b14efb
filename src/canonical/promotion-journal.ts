import { z } from "zod";
import { type JsonReading, readJson, writeJson } from "../state/files.ts";
import { removeFileForGood } from "../state/folders.ts";
import type { CanonicalPaths } from "../state/paths.ts";
import { type Room, takeRoom } from "../state/room.ts";

export const PROMOTION_SCHEMA = 1;

/** The steps of a promotion, in their order; each is written before it is taken. */
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
 * `promotion.json`: there while a promotion is under way, and until its end was seen: of a live canonical, that it
 * answers again. What the next run needs to undo it.
 */
export const PromotionJournal = z.object({
  schema: z.literal(PROMOTION_SCHEMA),
  run: z.string(),
  recipe: z.string(),
  kind: z.enum(["seed", "advance"]),
  from: z.object({ version: z.string(), commit: z.string() }).nullable(),
  to: z.object({ version: z.string(), commit: z.string() }),
  step: z.enum(PROMOTION_STEPS),
  /** The old data stands whole in `snapshots/<recipe>`. */
  snapshotComplete: z.boolean(),
  /** Data of an earlier canonical stood there before: what a rollback brings back. */
  hadData: z.boolean(),
  /** A live canonical was running: a rollback starts it again. */
  wasLive: z.boolean(),
  /** A rollback has brought the old data back: from here on it is that of whatever runs, and never replaced again. */
  dataBack: z.boolean().optional(),
  /** Secrets and configs that were there before. */
  secrets: z.array(z.string()),
  configs: z.array(z.string()),
  domain: z.string(),
  lane: z.string(),
  startedAt: z.string(),
});
export type PromotionJournal = z.infer<typeof PromotionJournal>;

/** What the disk says of a promotion that is under way. One of another recipe in its place is unreadable. */
export function readJournal(paths: CanonicalPaths, recipe: string): JsonReading<PromotionJournal> {
  const reading = readJson(paths.promotion, PromotionJournal, PROMOTION_SCHEMA);
  if (reading.state !== "read" || reading.value.recipe === recipe) return reading;
  return { state: "unreadable", problem: `${paths.promotion} is the promotion of ${reading.value.recipe}` };
}

/**
 * Says more in the journal: on disk first, and only then to this program, so that a rollback here and one of the next
 * run know the same. Where it cannot be written it throws, and nothing has changed.
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

/** Each step is noted once, the snapshot and the data that is back too; and what a failed rollback has to say. */
const NOTES = PROMOTION_STEPS.length + 3;
/** Beyond what the journal says when the room is taken: another step, two marks, and an error of one line. */
const SLACK_BYTES = 2048;
const BLOCK_BYTES = 4096;

/** Takes the room that all further notes of a promotion need: its end is known then, also where the disk is full. */
export function takeRoomForNotes(paths: CanonicalPaths, journal: PromotionJournal): Room {
  const bytes = Buffer.byteLength(JSON.stringify(journal, null, 2)) + SLACK_BYTES;
  return takeRoom(paths.folder, NOTES, Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES);
}

/** Ends the promotion for good: a journal that a loss of power brought back would be acted on again. */
export function dropJournal(paths: CanonicalPaths): void {
  removeFileForGood(paths.promotion);
}
