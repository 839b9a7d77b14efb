import { z } from "zod";
import { type JsonReading, readJson, removeTree, writeJson } from "../state/files.ts";
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

export function readJournal(paths: CanonicalPaths): JsonReading<PromotionJournal> {
  return readJson(paths.promotion, PromotionJournal, PROMOTION_SCHEMA);
}

export function writeJournal(paths: CanonicalPaths, journal: PromotionJournal): void {
  writeJson(paths.promotion, journal);
}

export function dropJournal(paths: CanonicalPaths): void {
  removeTree(paths.promotion);
}
