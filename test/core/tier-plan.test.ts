import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planTiers, type TierFacts } from "../../src/core/plan/tier-plan.ts";
import { TIERS, type Tier, wasExecuted } from "../../src/core/tier.ts";

function facts(more: Partial<TierFacts> = {}): TierFacts {
  return {
    base: "1.0.0+1",
    backups: { declared: true },
    missingData: [],
    customTests: 1,
    wanted: [],
    quick: false,
    ...more,
  };
}

function planned(more: Partial<TierFacts>): Tier[] {
  return planTiers(facts(more)).flatMap((entry) => (entry.planned ? [entry.tier] : []));
}

function reasons(more: Partial<TierFacts>): string[] {
  return planTiers(facts(more)).flatMap((entry) => (entry.planned ? [] : [`${entry.tier}: ${entry.reason}`]));
}

describe("the plan of the tiers, made before the test", () => {
  it("has all tiers where everything is there", () => {
    expect(planned({})).toEqual(["install", "upgrade", "backup", "restore", "custom"]);
  });

  it.each<[string, Partial<TierFacts>, string[]]>([
    ["no older release", { base: null }, ["upgrade: there is no older release to upgrade from"]],
    [
      "no backups",
      { backups: { declared: false, reason: "no service has a backupbot label" } },
      ["backup: no service has a backupbot label", "restore: no service has a backupbot label"],
    ],
    [
      "nothing to prove the data with",
      { missingData: ["seed", "damage"] },
      [
        "backup: nothing can prove the data: tests/data/seed, tests/data/damage missing",
        "restore: nothing can prove the data: tests/data/seed, tests/data/damage missing",
      ],
    ],
    ["no custom test applies", { customTests: 0 }, ["custom: no test applies"]],
    ["a quick run", { quick: true }, ["upgrade: a quick run starts on a copy of the canonical"]],
  ])("leaves a tier out with a reason: %s", (_what, more, expected) => {
    expect(reasons(more)).toEqual(expected);
  });

  it.each<[Tier[], Tier[]]>([
    [["custom"], ["install", "custom"]],
    [["install"], ["install"]],
    [["upgrade"], ["install", "upgrade"]],
    [["restore"], ["install", "backup", "restore"]],
    [["backup"], ["install", "backup"]],
  ])("has the tiers below --tier %s too", (wanted, expected) => {
    expect(planned({ wanted })).toEqual(expected);
    expect(reasons({ wanted }).every((reason) => reason.endsWith("not asked for"))).toBe(true);
  });

  it("leaves a tier out that was asked for and cannot be proven", () => {
    expect(planned({ wanted: ["restore"], missingData: ["verify"] })).toEqual(["install"]);
  });

  it("has a place for every tier, in the order of a test, and a reason where one is left out", () => {
    const any = fc.record<TierFacts>({
      base: fc.option(fc.constant("1.0.0+1")),
      backups: fc.constantFrom<TierFacts["backups"]>({ declared: true }, { declared: false, reason: "none" }),
      missingData: fc.subarray(["seed", "verify", "damage"]),
      customTests: fc.nat(2),
      wanted: fc.subarray([...TIERS]),
      quick: fc.boolean(),
    });
    fc.assert(
      fc.property(any, (each) => {
        const plan = planTiers(each);
        expect(plan.map((entry) => entry.tier)).toEqual(TIERS);
        expect(plan[0]).toEqual({ tier: "install", planned: true });
        for (const entry of plan) if (!entry.planned) expect(entry.reason).not.toBe("");
        const isPlanned = (tier: Tier) => plan.some((entry) => entry.tier === tier && entry.planned);
        if (isPlanned("restore")) expect(isPlanned("backup")).toBe(true);
      }),
    );
  });
});

it("a tier counts as executed when it passed or failed", () => {
  const statuses = ["passed", "failed", "skipped", "not-reached"] as const;
  expect(statuses.map((status) => wasExecuted({ status }))).toEqual([true, true, false, false]);
});
