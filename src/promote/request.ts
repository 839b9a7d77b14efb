import type { AppUnderTest, Deployed } from "../app/under-test.ts";
import type { PromotionJournal } from "../canonical/promotion-journal.ts";
import type { Step } from "../command/step.ts";
import type { Canonical } from "../core/canonical.ts";
import type { CanonicalPaths } from "../state/paths.ts";
import type { Room } from "../state/room.ts";

/** What was proven by a cold test and is to become the canonical. */
export interface Proven {
  version: string;
  /** The commit of the tag, in full. */
  commit: string;
  tagObject: string;
  /** Content hashes of the tests that passed. */
  tests: Readonly<Record<string, string>>;
  tiers: readonly string[];
  /** The fingerprint of the tools. */
  environment: string;
}

/** Everything that a promotion, or its rollback, works with. */
export interface PromotionRequest {
  /** The warm app. */
  underTest: AppUnderTest;
  proven: Proven;
  /** The record that is replaced; a revoked one counts as none, but its data is kept until the seed is proven. */
  before: Canonical | null;
  warm: "idle" | "live";
  /** `tests/data/seed` and `verify` are there. */
  canProveData: boolean;
  paths: CanonicalPaths;
  /** `snapshots/<recipe>`, absolute. */
  snapshot: string;
  step: Step;
  /** A step that is not ended by an interrupt and has time of its own. */
  rollbackStep: Step;
  /** Takes the secrets out of what goes into the history. */
  redact(text: string): string;
  /** Keeps what can be seen of the warm app; called before a rollback takes it away. Never fails. */
  collectEvidence(): Promise<void>;
}

/** A promotion while it runs. */
export interface Promoting extends PromotionRequest {
  journal: PromotionJournal;
  /** Taken before anything is touched; null until then. */
  room: Room | null;
  deployed: Deployed | null;
  sentinel: "planted" | "verified" | "none";
  outageFromMs: number | null;
  notes: string[];
}
