import { describe, expect, it } from "vitest";
import { weakenedSince } from "../../src/core/label/weakened.ts";
import type { TestEnd, TierEnd } from "../../src/core/tier.ts";

const BEFORE = {
  tests: { "custom/login": "sha256:a", "data/verify": "sha256:b" },
  tiers: ["install", "custom"],
};
const NOTHING_STATED: ReadonlySet<string> = new Set();

function tier(
  name: TierEnd["tier"],
  status: TierEnd["status"],
  tests: Record<string, TestEnd["status"]> = {},
): TierEnd {
  return {
    tier: name,
    status,
    durationMs: 1,
    tests: Object.entries(tests).map(([test, end]) => ({ name: test, status: end, durationMs: 1 })),
  };
}

describe("weakened-tests: the comparison with the tests of the last green", () => {
  const full = [
    tier("install", "passed"),
    tier("custom", "passed", { "custom/login": "passed", "data/verify": "passed", "custom/new": "passed" }),
  ];

  it.each<[string, TierEnd[], string[]]>([
    ["nothing is lost, something is new", full, []],
    [
      "a test is gone",
      [tier("install", "passed"), tier("custom", "passed", { "data/verify": "passed" })],
      ["test custom/login"],
    ],
    [
      "a test is skipped",
      [
        tier("install", "passed"),
        tier("custom", "passed", { "custom/login": "skipped", "data/verify": "passed" }),
      ],
      ["test custom/login"],
    ],
    [
      "a test is not planned",
      [
        tier("install", "passed"),
        tier("custom", "passed", { "custom/login": "not-planned", "data/verify": "passed" }),
      ],
      ["test custom/login"],
    ],
    [
      "a tier is gone, with its tests",
      [full[0] as TierEnd],
      ["tier custom", "test custom/login", "test data/verify"],
    ],
    [
      "a tier is skipped",
      [
        tier("install", "passed"),
        tier("custom", "skipped", { "custom/login": "passed", "data/verify": "passed" }),
      ],
      ["tier custom"],
    ],
    [
      "a test that moved to another tier of the same name is still there",
      [
        tier("install", "passed", { "custom/login": "passed" }),
        tier("custom", "passed", { "data/verify": "passed" }),
      ],
      [],
    ],
  ])("%s", (_what, tiers, lost) => {
    expect(weakenedSince(BEFORE, tiers, NOTHING_STATED)).toEqual(lost);
  });

  it("lets a test or a tier go for a stated reason, and nothing else", () => {
    const tiers = [tier("install", "passed")];
    expect(weakenedSince(BEFORE, tiers, new Set(["custom/login"]))).toEqual([
      "tier custom",
      "test data/verify",
    ]);
    expect(weakenedSince(BEFORE, tiers, new Set(["custom", "custom/login", "data/verify"]))).toEqual([]);
  });

  it("finds nothing lost where the record does not know its tests", () => {
    expect(weakenedSince({ tests: null, tiers: null }, [tier("install", "passed")], NOTHING_STATED)).toEqual(
      [],
    );
  });
});
