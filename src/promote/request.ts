import type { AppUnderTest, Deployed } from "../app/under-test.ts";
import type { PromotionJournal } from "../canonical/promotion-journal.ts";
import type { Step } from "../command/step.ts";
import type { Canonical } from "../core/canonical.ts";
import type { CanonicalPaths } from "../state/paths.ts";
import type { Room } from "../state/room.ts";

/** A version proven by a cold test, which is to become the canonical. */
export interface Proven {
  version: string;
  /** The full commit of the tag. */
  commit: string;
  tagObject: string;
  /** Content hashes of the tests that passed. */
  tests: Readonly<Record<string, string>>;
  tiers: readonly string[];
  /** The fingerprint of the tools. */
  environment: string;
}

/** Everything that a promotion or its rollback needs. */
export interface PromotionRequest {
  /** The warm app. */
  underTest: AppUnderTest;
  proven: Proven;
  /** The record to replace; a revoked one counts as none, but its data is kept until the seed is proven. */
  before: Canonical | null;
  warm: "idle" | "live";
  /** Whether `tests/data/seed` and `verify` exist. */
  canProveData: boolean;
  paths: CanonicalPaths;
  /** `snapshots/<recipe>`, absolute. */
  snapshot: string;
  step: Step;
  /** A step with its own time limit, which an interrupt does not end. */
  rollbackStep: Step;
  /** Removes secrets from text for the history. */
  redact(text: string): string;
  /** Collects what can be seen of the warm app; called before a rollback removes it. Never fails. */
  collectEvidence(): Promise<void>;
}

/** A running promotion. */
export interface Promoting extends PromotionRequest {
  journal: PromotionJournal;
  /** Reserved before anything is touched; null until then. */
  room: Room | null;
  deployed: Deployed | null;
  sentinel: "planted" | "verified" | "none";
  outageFromMs: number | null;
  notes: string[];
}
