import { z } from "zod";
import { type JsonReading, readJson, writeJson } from "../state/files.ts";
import { removeFileForGood } from "../state/folders.ts";
import type { CanonicalPaths } from "../state/paths.ts";

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

/** `promotion.json`: there only while a promotion is under way; what the next run needs to undo it. */
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

export function writeJournal(paths: CanonicalPaths, journal: PromotionJournal): void {
  writeJson(paths.promotion, journal);
}

/** Ends the promotion for good: a journal that a loss of power brought back would be acted on again. */
export function dropJournal(paths: CanonicalPaths): void {
  removeFileForGood(paths.promotion);
}
