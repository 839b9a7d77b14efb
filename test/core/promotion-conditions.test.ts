import { describe, expect, it } from "vitest";
import { type PromotionFacts, whyNotPromoted } from "../../src/core/label/promotion-conditions.ts";
import { reasonText } from "../../src/core/outcome.ts";
import type { TierEnd } from "../../src/core/tier.ts";

const INSTALLED: TierEnd = { tier: "install", status: "passed", durationMs: 1 };

function facts(more: Partial<PromotionFacts> = {}): PromotionFacts {
  return {
    enrolled: true,
    version: "2.0.0+1",
    isRelease: true,
    broken: {},
    canonical: "1.0.0+1",
    acceptMovedTag: false,
    tiers: [INSTALLED],
    ruledOutBy: null,
    retryOf: null,
    weakened: [],
    canReadBack: true,
    sentinelLost: false,
    disk: null,
    ...more,
  };
}

describe("a green release is promoted", () => {
  it.each<[string, PromotionFacts]>([
    ["newer than the canonical", facts()],
    ["the first one", facts({ canonical: null })],
    ["over a record that names no release", facts({ canonical: "stable" })],
    ["the same again, where a moved tag is accepted", facts({ canonical: "2.0.0+1", acceptMovedTag: true })],
  ])("%s", (_what, each) => {
    expect(whyNotPromoted(each)).toBeNull();
  });
});

describe("each condition alone keeps a green release from being promoted", () => {
  const end = (status: TierEnd["status"], more: Partial<TierEnd> = {}): TierEnd[] => [
    INSTALLED,
    { tier: "upgrade", status, durationMs: 1, ...more },
  ];

  it.each<[string, Partial<PromotionFacts>, string]>([
    ["it is no release", { isRelease: false }, "not a release"],
    [
      "its name is no release's",
      { version: "0123456789ab" },
      "not a release: no `+<app version>` after the recipe's version",
    ],
    ["the recipe is not enrolled", { enrolled: false }, "not-enrolled"],
    ["it is broken", { broken: { "2.0.0+1": "its image is gone" } }, "broken: its image is gone"],
    ["--no-promote", { ruledOutBy: "--no-promote" }, "by-request: --no-promote"],
    ["a retry", { retryOf: "custom was red in run X" }, "retry: custom was red in run X"],
    ["--quick", { ruledOutBy: "--quick" }, "by-request: --quick"],
    ["it is the canonical already", { canonical: "2.0.0+1" }, "already-canonical"],
    ["it is older", { canonical: "3.0.0+1" }, "older-than-canonical: 3.0.0+1"],
    [
      "it is older, and a moved tag is accepted",
      { canonical: "3.0.0+1", acceptMovedTag: true },
      "older-than-canonical: 3.0.0+1",
    ],
    ["no tier was tested", { tiers: [] }, "nothing-tested"],
    [
      "a planned tier was skipped",
      { tiers: end("skipped", { reason: "base 1.0.0+1 does not deploy" }) },
      "upgrade skipped: base 1.0.0+1 does not deploy",
    ],
    [
      "a planned tier was not reached",
      { tiers: end("not-reached", { because: "machinery" }) },
      "upgrade not-reached: machinery",
    ],
    ["a planned tier failed", { tiers: end("failed") }, "upgrade failed: no reason given"],
    [
      "its tests are weaker",
      { weakened: ["tier restore", "test custom/login"] },
      "weakened: the last green had tier restore, test custom/login",
    ],
    [
      "nobody can look for the sentinel any more",
      { sentinelLost: true },
      "weakened: the canonical has a sentinel, and tests/data/verify is gone",
    ],
    [
      "the running version cannot be read",
      { canReadBack: false },
      "no-read-back: the running version cannot be read",
    ],
    [
      "there is not enough disk",
      { disk: "1.0 GiB free, 5.0 GiB are kept free" },
      "disk: 1.0 GiB free, 5.0 GiB are kept free",
    ],
  ])("%s", (_what, more, reason) => {
    expect(textOf(whyNotPromoted(facts(more)))).toBe(reason);
    expect(reason).toMatch(/^[a-z]+([ -][a-z]+)*(: .+)?$/);
  });

  it("a first release needs all of it too", () => {
    expect(whyNotPromoted(facts({ canonical: null, tiers: [] }))?.code).toBe("nothing-tested");
    expect(whyNotPromoted(facts({ canonical: null, canReadBack: false }))?.code).toBe("no-read-back");
  });
});

function textOf(reason: ReturnType<typeof whyNotPromoted>): string | null {
  return reason === null ? null : reasonText(reason);
}
