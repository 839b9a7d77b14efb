import { type Canonical, provenRecord, type RecordReading } from "../../src/core/canonical.ts";
import type { Decision } from "../../src/core/decision/decision.ts";
import type { MirrorFacts } from "../../src/core/decision/facts.ts";
import { sweepDecision } from "../../src/core/decision/sweep-decision.ts";
import { outcomeOf } from "../../src/core/label/outcome-of-test.ts";
import { whyNotPromoted } from "../../src/core/label/promotion-conditions.ts";
import { weakenedSince } from "../../src/core/label/weakened.ts";
import { BlockedCode, type Interruption, type Outcome } from "../../src/core/outcome.ts";
import { planTiers } from "../../src/core/plan/tier-plan.ts";
import type { PromotionReport, RecipeReport } from "../../src/core/records/report.ts";
import { type Broken, readTags, type TagRef, upgradeBase } from "../../src/core/release-tag.ts";
import type { TierEnd } from "../../src/core/tier.ts";
import { rowOf } from "../../src/sweep/label/row.ts";
import type { Quality } from "./expected.ts";

/** A recipe as the program would find it: upstream, the record on disk, the exceptions. */
export interface CoreRecipe {
  recipe: string;
  tags: TagRef[];
  qualities: Map<string, Quality>;
  broken: Record<string, string>;
  held: boolean;
  record: RecordReading;
}

export interface CoreOptions {
  run: string;
  /** Upstream gives no answer. */
  unreachable: boolean;
  /** Docker goes away once the recipe is deployed. */
  machinery: boolean;
  /** The program is killed while it promotes, before or after the record is replaced. */
  killed: "before-record" | "after-record" | null;
  ruledOutBy: string | null;
}

/**
 * A sweep of one recipe made of the pure parts of the program alone: decision, plan of the tiers, conditions of a
 * promotion, outcome, label and row. What a machine would do is played by the release's quality. Null: killed.
 */
export function sweepCore(recipe: CoreRecipe, options: CoreOptions): RecipeReport | null {
  const decision = decide(recipe, options);
  const before = provenRecord(recipe.record);
  if (decision.action !== "RUN" || decision.latest === null) return rowOfDecision(decision, before);
  const tiers = testTiers(recipe, decision, before, options.machinery);
  const redAt = tiers.find((end) => end.status === "failed")?.tier ?? null;
  const interruption: Interruption | null = options.machinery
    ? { kind: "BLOCKED", reason: { code: "machinery", detail: "Docker is away" } }
    : null;
  const reason =
    redAt !== null || interruption !== null ? null : whyNot(recipe, decision, before, tiers, options);
  const isTried = redAt === null && interruption === null && reason === null;
  const promotion = isTried ? promote(recipe, decision, before, tiers, options) : null;
  if (promotion === "killed") return null;
  const { version } = decision.latest;
  const after = provenRecord(recipe.record);
  const outcome = outcomeOf({
    version,
    redAt,
    interruption,
    whyNotPromoted: reason,
    promotion,
    run: options.run,
    after,
  });
  return makeRow(decision, outcome, before, after, {
    tiers,
    promotion,
    notPlanned: notPlanned(recipe, decision, before),
  });
}

function decide(recipe: CoreRecipe, { unreachable }: CoreOptions): Decision {
  const mirror: MirrorFacts = unreachable
    ? { state: "failed", problem: "no answer" }
    : { state: "synced", tags: recipe.tags, askedAt: "2026-06-21T03:00:00.000Z" };
  const hold = recipe.held ? { reason: "known", until: "2099-12-31" } : null;
  return sweepDecision({
    recipe: recipe.recipe,
    hold,
    mirror,
    record: recipe.record,
    broken: recipe.broken,
    requires: [],
  });
}

function rowOfDecision(decision: Decision, canonical: Canonical | null): RecipeReport {
  const outcome: Outcome =
    decision.action === "BLOCKED"
      ? { kind: "BLOCKED", reason: { code: BlockedCode.parse(decision.reason), detail: "" } }
      : decision.reason === "held"
        ? { kind: "SKIP", reason: "held", hold: { reason: "known", until: "2099-12-31" } }
        : {
            kind: "SKIP",
            reason: decision.reason === "never-released" ? "never-released" : "no-new-version",
          };
  return makeRow(decision, outcome, canonical, canonical, { tiers: [], promotion: null, notPlanned: [] });
}

function planOf(recipe: CoreRecipe, decision: Decision, before: Canonical | null) {
  const releases = readTags(recipe.tags).releases;
  const base = upgradeBase(
    releases,
    decision.latest?.version ?? "",
    before?.version ?? null,
    recipe.broken as Broken,
  );
  return planTiers({
    base: base?.name ?? null,
    backups: { declared: true },
    missingData: [],
    customTests: 1,
    wanted: [],
    quick: false,
  });
}

function notPlanned(recipe: CoreRecipe, decision: Decision, before: Canonical | null) {
  return planOf(recipe, decision, before).flatMap((entry) =>
    entry.planned ? [] : [{ tier: entry.tier, reason: entry.reason }],
  );
}

function testTiers(
  recipe: CoreRecipe,
  decision: Decision,
  before: Canonical | null,
  machinery: boolean,
): TierEnd[] {
  const quality = recipe.qualities.get(decision.latest?.version ?? "") ?? "green";
  const planned = planOf(recipe, decision, before).flatMap((entry) => (entry.planned ? [entry.tier] : []));
  let stopped: string | null = machinery ? "machinery" : null;
  return planned.map((tier): TierEnd => {
    if (stopped !== null) return { tier, status: "not-reached", because: stopped, durationMs: 0 };
    if (quality === "skips-custom" && tier === "custom")
      return { tier, status: "skipped", reason: "by design", durationMs: 1 };
    if (tier !== quality) return { tier, status: "passed", durationMs: 1 };
    stopped = tier;
    return { tier, status: "failed", reason: "red by design", durationMs: 1 };
  });
}

function whyNot(
  recipe: CoreRecipe,
  decision: Decision,
  before: Canonical | null,
  tiers: readonly TierEnd[],
  options: CoreOptions,
): ReturnType<typeof whyNotPromoted> {
  return whyNotPromoted({
    enrolled: true,
    version: decision.latest?.version ?? "",
    isRelease: true,
    broken: recipe.broken,
    canonical: before?.version ?? null,
    acceptMovedTag: false,
    tiers,
    ruledOutBy: options.ruledOutBy,
    retryOf: null,
    weakened: weakenedSince({ tests: null, tiers: before?.tiers ?? null }, tiers, new Set()),
    canReadBack: true,
    sentinelLost: false,
    disk: null,
  });
}

function promote(
  recipe: CoreRecipe,
  decision: Decision,
  before: Canonical | null,
  tiers: readonly TierEnd[],
  { killed, run }: CoreOptions,
): PromotionReport | "killed" {
  const { version, commit } = decision.latest ?? { version: "", commit: "" };
  if (killed === "before-record") return "killed";
  const fails = recipe.qualities.get(version) === "fails-when-warm";
  const ts = "2026-06-21T04:00:00.000Z";
  const record: Canonical = {
    recipe: recipe.recipe,
    version,
    commit,
    status: "idle",
    ts,
    run,
    sentinel: "planted",
    tiers: tiers.map((end) => end.tier),
  };
  if (!fails) recipe.record = { state: "read", record };
  if (killed === "after-record") return "killed";
  // The act says that it went well whatever it did: a label is not made of that.
  return {
    kind: before === null ? "seed" : "advance",
    from: before?.version ?? null,
    to: version,
    result: "promoted",
    durationMs: 1,
  };
}

function makeRow(
  decision: Decision,
  outcome: Outcome,
  before: Canonical | null,
  after: Canonical | null,
  more: Pick<Parameters<typeof rowOf>[0], "tiers" | "promotion" | "notPlanned">,
): RecipeReport {
  const ref = (record: Canonical | null) => record && { version: record.version, commit: record.commit };
  return rowOf({
    decision,
    outcome,
    detail: decision.detail,
    target: decision.latest,
    before: ref(before),
    after: ref(after),
    warnings: [],
    acknowledged: null,
    lane: null,
    durationMs: 1,
    ...more,
  });
}
