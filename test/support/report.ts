import { honestyOf } from "../../src/core/label/honesty.ts";
import type { RecipeReport, Report } from "../../src/core/records/report.ts";

/** A row of a report: a skipped recipe, unless said otherwise. */
export function rowWith(more: Partial<RecipeReport> = {}): RecipeReport {
  return {
    recipe: "gitea",
    decision: { action: "SKIP", reason: "no-new-version", reasons: ["no-new-version"] },
    target: null,
    tiers: [],
    promotion: null,
    label: "SKIP no-new-version",
    detail: "3.6.0+1.24.2-rootless is the latest release and is proven",
    canonicalBefore: null,
    canonicalAfter: null,
    needsHuman: false,
    brief: null,
    durationMs: 0,
    ...more,
  };
}

/** A report of these rows; its honesty is counted from them. */
export function reportWith(recipes: RecipeReport[], more: Partial<Report> = {}): Report {
  return {
    schema: 1,
    run: "20260614T030000Z-0a1b2c3d",
    kind: "sweep",
    trigger: "timer",
    program: { name: "canonical-sweep", version: "0.1.0", node: "24.21.0" },
    configuration: { path: "/etc/canonical-sweep", commit: null, dirty: null },
    environment: { fingerprint: "71a56fa9477956c6", tools: [], changes: [] },
    startedAt: "2026-06-14T03:00:00.000Z",
    endedAt: "2026-06-14T04:10:00.000Z",
    exit: 0,
    honesty: honestyOf(recipes, false),
    hollowReasons: [],
    notEnrolled: [],
    changes: [],
    disk: { free: null, canonicals: null },
    recovered: [],
    recipes,
    ...more,
  };
}
