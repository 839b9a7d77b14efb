import type { Action } from "../core/decision/decision.ts";
import type { Labelled } from "../core/label/label.ts";
import type { Tier } from "../core/tier.ts";

/** What is told while the work goes on; how it is shown is the command line's business. */
export type ProgressEvent =
  | { kind: "recovering"; what: string }
  | { kind: "syncing"; recipes: number }
  | { kind: "synced"; recipe: string; problem: string | null; done: number; of: number }
  | { kind: "decided"; recipe: string; action: Action; reason: string; detail: string }
  | { kind: "started"; recipe: string; version: string; expectedMs: number | null }
  | { kind: "phase"; recipe: string; phase: Phase; expectedMs: number | null }
  | { kind: "tier-ended"; recipe: string; tier: Tier; status: string; durationMs: number }
  | (Labelled & { kind: "ended"; recipe: string; detail: string; durationMs: number })
  | { kind: "note"; text: string };

export type Phase = Tier | "prepare" | "evidence" | "teardown" | "promote" | "rollback";

export type Progress = (event: ProgressEvent) => void;
