import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HollowFacts, hollowReasons, honestyLine, honestyOf } from "../../src/core/label/honesty.ts";
import { TIERS, type TierEnd, TierStatus } from "../../src/core/tier.ts";
import { rowWith } from "../support/report.ts";

const LABELS = [
  "SKIP no-new-version",
  "PASS (promoted 1.0.0+1)",
  "PASS-NOT-PROMOTED (1.0.0+1; older-than-canonical: 2.0.0+1)",
  "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
  "FAIL (red at install; canonical unchanged: none)",
  "BLOCKED (sync-failed)",
  "NOT-RUN (stopped)",
];

const ends = (...all: [TierEnd["tier"], TierEnd["status"]][]): TierEnd[] =>
  all.map(([tier, status]) => ({ tier, status, durationMs: 1 }));
const notPlanned = (...tiers: string[]) => tiers.map((tier) => ({ tier, reason: "no test applies" }));

describe("the counts of a report", () => {
  it("each label counts once, PASS also as promoted", () => {
    const rows = LABELS.map((label) => rowWith({ label }));
    expect(honestyOf(rows, false)).toEqual({
      enrolled: 7,
      skipped: 1,
      passed: 2,
      promoted: 1,
      failed: 1,
      promoteFailed: 1,
      blocked: 1,
      notRun: 1,
      tiersPlanned: 0,
      tiersExecuted: 0,
      hollow: false,
    });
  });

  it("executed tiers are those that passed or failed: skipped is never passed", () => {
    const tiers = ends(
      ["install", "passed"],
      ["upgrade", "skipped"],
      ["backup", "failed"],
      ["custom", "not-reached"],
    );
    expect(honestyOf([rowWith({ tiers })], false)).toMatchObject({ tiersPlanned: 4, tiersExecuted: 2 });
  });

  it("add up always, also with an unknown label", () => {
    const tier = fc.record({
      tier: fc.constantFrom(...TIERS),
      status: fc.constantFrom(...TierStatus.options),
      durationMs: fc.nat(),
    });
    const row = fc
      .record({ label: fc.oneof(fc.constantFrom(...LABELS), fc.string()), tiers: fc.array(tier) })
      .map(rowWith);
    fc.assert(
      fc.property(fc.array(row), fc.boolean(), (rows, hollow) => {
        const honesty = honestyOf(rows, hollow);
        const { blocked, failed, notRun, passed, promoteFailed, skipped } = honesty;
        expect(skipped + passed + failed + promoteFailed + blocked + notRun).toBe(honesty.enrolled);
        expect(honesty.enrolled).toBe(rows.length);
        expect(honesty.promoted).toBeLessThanOrEqual(passed);
        expect(honesty.tiersExecuted).toBeLessThanOrEqual(honesty.tiersPlanned);
        expect(honesty.hollow).toBe(hollow);
      }),
      { numRuns: 500 },
    );
  });

  it("are shown as one line that says first that a sweep is hollow", () => {
    const rows = LABELS.map((label) => rowWith({ label }));
    const line =
      "enrolled 7 = skipped 1 + passed 2 + failed 1 + promote-failed 1 + blocked 1 + not-run 1; promoted 1; tiers executed 0 of 0 planned";
    expect(honestyLine(honestyOf(rows, false), [])).toBe(line);
    expect(honestyLine(honestyOf(rows, true), ["0 enrolled"])).toBe(`HOLLOW: 0 enrolled · ${line}`);
  });
});

describe("the check for a hollow sweep", () => {
  const facts = (more: Partial<HollowFacts> = {}): HollowFacts => ({
    enrolled: ["gitea"],
    floor: 1,
    before: ["gitea"],
    lastUnknown: null,
    declined: [],
    ...more,
  });
  const green = rowWith({
    label: "PASS (promoted 1.0.0+1)",
    tiers: ends(["install", "passed"], ["custom", "skipped"]),
    notPlanned: notPlanned("upgrade", "backup", "restore"),
  });

  it.each<[string, HollowFacts, string]>([
    ["fewer enrolled than the floor", facts({ floor: 2 }), "1 enrolled, the floor is 2"],
    ["none enrolled, as where the folder is missing", facts({ enrolled: [], before: [] }), "0 enrolled"],
    ["a recipe of the last sweep is gone", facts({ before: ["gitea", "keycloak"] }), "keycloak was enrolled"],
  ])("%s", (_why, hollow, reason) => {
    const reasons = hollowReasons(hollow, []);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain(reason);
  });

  it.each([
    [
      "a green recipe has a planned tier that was not reached",
      { tiers: ends(["install", "passed"], ["custom", "not-reached"]) },
    ],
    ["a green recipe has a planned tier of which nothing is said", { tiers: ends(["install", "passed"]) }],
    ["a green recipe has no tier at all", { tiers: [] }],
    ["it does not say which tiers were not planned", { notPlanned: [], tiers: ends(["install", "passed"]) }],
  ])("%s", (_why, more) => {
    for (const label of LABELS.slice(1, 4)) {
      const row = rowWith({ ...green, label, ...more });
      expect(hollowReasons(facts(), [row])).toEqual(["gitea: a planned tier has no end though none failed"]);
    }
  });

  it("passes a recipe that is declined with a reason", () => {
    expect(
      hollowReasons(facts({ before: ["gitea", "keycloak"], lastUnknown: null, declined: ["keycloak"] }), []),
    ).toEqual([]);
  });

  it("passes a sweep in which everything is a SKIP", () => {
    expect(hollowReasons(facts(), [rowWith(), rowWith({ recipe: "keycloak" })])).toEqual([]);
  });

  it("passes tiers that a failed tier or machinery kept from being reached", () => {
    const red = rowWith({
      ...green,
      label: "FAIL (red at install; canonical unchanged: none)",
      tiers: ends(["install", "failed"], ["custom", "not-reached"]),
    });
    const broken = rowWith({
      ...red,
      label: "BLOCKED (machinery: Docker is away)",
      tiers: ends(["install", "not-reached"]),
    });
    expect(hollowReasons(facts(), [green, red, broken])).toEqual([]);
  });
});
