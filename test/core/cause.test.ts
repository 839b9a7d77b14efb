import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { causeOf, judge } from "../../src/core/cause/cause-of.ts";
import { chanceOfEvenFlake, chanceOfNoDifference, chanceOfSoMany } from "../../src/core/cause/chance.ts";
import {
  ARMS,
  type Arm,
  ATTEMPT_OUTCOMES,
  type AttemptOutcome,
  CAUSES,
  type CauseEvidence,
  type RedFacts,
  type Sign,
} from "../../src/core/cause/evidence.ts";
import { signOf } from "../../src/core/cause/sign.ts";
import { isSameError } from "../../src/core/text/same-error.ts";
import { randomOf } from "../support/random.ts";

const RED: RedFacts = { at: "tier", isOfTest: true, isDefinite: true, sign: null, slowdown: null };
const G = "green" as const;
const R = "red" as const;
const O = "other-red" as const;
const MISSING: Sign = { kind: "machinery", words: "jq: command not found", certain: true };
const GONE: Sign = { kind: "outside", words: "could not resolve host: api.example.org", certain: false };

type Runs = Partial<Record<Arm, AttemptOutcome[] | string>>;
type Facts = Partial<Omit<CauseEvidence, "arms" | "red">> & { red?: Partial<RedFacts> };

/** Evidence with these runs; a text says why a kind of runs is not possible. */
function evidence(runs: Runs, { red, ...facts }: Facts = {}, isolated = true): CauseEvidence {
  const armOf = (arm: Arm) => {
    const found = runs[arm] ?? [];
    if (typeof found === "string") return { attempts: [], notPossible: found };
    return { attempts: found.map((outcome) => ({ outcome, isolated })), notPossible: null };
  };
  return {
    red: { ...RED, ...red },
    arms: Object.fromEntries(ARMS.map((arm) => [arm, armOf(arm)])) as unknown as CauseEvidence["arms"],
    isControlOfDeployer: true,
    isProven: true,
    testsChanged: false,
    surroundingsChanged: false,
    promotionFailures: 1,
    lintPredicts: false,
    runs: 3,
    load: 4,
    ...facts,
  };
}

const ALONE_RED: Runs = { control: [G], alone: [R, R, R] };
const KNOWN_RED: Runs = { ...ALONE_RED, knownGood: [R, R] };
const KNOWN_RED_THRICE: Runs = { ...ALONE_RED, knownGood: [R, R, R] };

const TABLE: [promise: string, runs: Runs, facts: Facts, cause: string][] = [
  ["a control that is red twice", { control: [R, R] }, {}, "machinery"],
  ["a control that the outside ended", { control: ["outside", "outside"] }, {}, "outside"],
  [
    "a tool was missing, and is again",
    { control: [G], alone: ["machinery"] },
    { red: { sign: MISSING } },
    "machinery",
  ],
  [
    "a tool was missing, and is there now",
    { control: [G], alone: [G] },
    { red: { sign: MISSING } },
    "machinery",
  ],
  [
    "a name was not resolved, and is now",
    { control: [G], alone: [G, G, G] },
    { red: { sign: GONE } },
    "outside",
  ],
  ["red and green in turn while alone", { control: [G], alone: [R, G] }, {}, "flake (timing)"],
  ["green alone, red under load", { control: [G], alone: [G, G, G], underLoad: [R, R] }, {}, "flake (load)"],
  [
    "green alone, green under load",
    { control: [G], alone: [G, G, G], underLoad: [G, G, G] },
    {},
    "flake (timing)",
  ],
  ["green alone, no load asked for", { control: [G], alone: [G, G, G] }, { load: 0 }, "flake (timing)"],
  [
    "green alone, and the red run was slow",
    { control: [G], alone: [G, G, G], underLoad: [G, G, G] },
    { red: { slowdown: 4 } },
    "flake (load)",
  ],
  ["a test is red alone, the known-good release green", { ...ALONE_RED, knownGood: [G, G, G] }, {}, "recipe"],
  [
    "two green runs are too little where it was a test",
    { ...ALONE_RED, knownGood: [G, G] },
    {},
    "unresolved",
  ],
  [
    "a deploy is red alone, the known-good release green",
    { ...ALONE_RED, knownGood: [G, G] },
    { red: { isOfTest: false } },
    "recipe",
  ],
  [
    "one green run of the known-good release is too little",
    { ...ALONE_RED, knownGood: [G] },
    {},
    "unresolved",
  ],
  ["red each time, but each time otherwise", { control: [G], alone: [R, O, O] }, {}, "unresolved"],
  [
    "both releases red with today's tests, green with the last green's",
    { ...KNOWN_RED, lastGreenTests: [G, G] },
    { testsChanged: true },
    "test",
  ],
  [
    "this release red with both tests, the known-good one with neither",
    { ...ALONE_RED, knownGood: [G, G, G], lastGreenTests: [R] },
    { testsChanged: true },
    "recipe",
  ],
  [
    "a changed test that the known-good release passes: release or test?",
    { ...ALONE_RED, knownGood: [G], lastGreenTests: [G] },
    { testsChanged: true },
    "unresolved",
  ],
  [
    "red with the last green's tests too, with which the known-good release is green",
    { ...KNOWN_RED, lastGreenTests: [R, R, R], knownGoodLastGreenTests: [G, G, G] },
    { testsChanged: true },
    "recipe",
  ],
  [
    "everything red that was green, with the same tools",
    { ...KNOWN_RED, lastGreenTests: [R], knownGoodLastGreenTests: [R, R] },
    { testsChanged: true },
    "outside",
  ],
  ["everything red, and the tests are the same", KNOWN_RED_THRICE, {}, "outside"],
  ["six reds since the last green may be chance", KNOWN_RED, {}, "unresolved"],
  ["everything red, and the tools changed", KNOWN_RED_THRICE, { surroundingsChanged: true }, "unresolved"],
  [
    "everything red, and it is not known what changed",
    KNOWN_RED_THRICE,
    { surroundingsChanged: null },
    "unresolved",
  ],
  [
    "tests that are not kept",
    { ...KNOWN_RED, lastGreenTests: "not kept" },
    { testsChanged: null },
    "unresolved",
  ],
  [
    "a first release that fails in its own words",
    { control: [G, G], alone: [R, R, R], knownGood: "there is none" },
    { isProven: false, red: { isOfTest: false } },
    "recipe",
  ],
  [
    "a first release that a test finds fault with",
    { control: [G, G], alone: [R, R, R], knownGood: "there is none" },
    { isProven: false },
    "unresolved",
  ],
  [
    "a first release whose deployer nobody vouches for",
    { control: [G, G], alone: [R, R, R], knownGood: "there is none" },
    { isProven: false, isControlOfDeployer: false, red: { isOfTest: false } },
    "unresolved",
  ],
  ["refused before anything was touched", {}, { red: { at: "refusal" } }, "machinery"],
  [
    "red on a copy of the data, the canonical's release green",
    { control: [G], onCopy: [O, O, O], knownGoodOnCopy: [G, G] },
    { red: { at: "promotion" } },
    "recipe",
  ],
  [
    "green on a copy, but predicted, and failed twice when promoted",
    { control: [G], onCopy: [G, G, G] },
    { red: { at: "promotion" }, promotionFailures: 2, lintPredicts: true },
    "recipe",
  ],
  ["green on a copy", { control: [G], onCopy: [G, G, G] }, { red: { at: "promotion" } }, "unresolved"],
];

describe("the cause of a red", () => {
  test.for(TABLE)("%s", ([, runs, facts, cause]) => {
    expect(causeOf(evidence(runs, facts)).cause).toBe(cause);
  });

  it("counts only reds that ran alone", () => {
    const busy = evidence({ control: [G], alone: [R, R, R, R, R, R], knownGood: [G, G] }, {}, false);
    expect(causeOf(busy)).toMatchObject({ cause: "unresolved", because: expect.stringContaining("at work") });
  });

  it("says how to raise the confidence wherever it is unresolved or a matter of chance", () => {
    fc.assert(
      fc.property(anyEvidence(), (found) => {
        const conclusion = causeOf(found);
        expect(CAUSES).toContain(conclusion.cause);
        if (conclusion.cause === "unresolved" || conclusion.chance !== null)
          expect(conclusion.raise).not.toBeNull();
        if (conclusion.chance !== null && conclusion.cause !== "flake (timing)")
          expect(conclusion.chance).toBeLessThanOrEqual(0.05);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("the judgement of a red, in any world", () => {
  it("ends after a bounded number of runs", () => {
    fc.assert(
      fc.property(anyWorld(), (world) => {
        expect(play(world).made).toBeLessThan(40);
      }),
      { numRuns: 3_000 },
    );
  });

  it("never calls a machinery fault the recipe's", () => {
    const broken = fc.record({
      // Either all of the machine is at fault, or what was green is red now with the very same tests.
      how: fc.constantFrom("control", "known-good", "sign"),
      seed: fc.integer(),
      testsChanged: fc.option(fc.boolean(), { nil: null }),
      surroundingsChanged: fc.option(fc.boolean(), { nil: null }),
      isOfTest: fc.boolean(),
    });
    fc.assert(
      fc.property(broken, ({ how, seed: _seed, isOfTest, ...facts }) => {
        const outcomes = {
          ...ALL_RED,
          control: how === "control" ? R : G,
          ...(how === "sign" ? ALL_BROKEN : {}),
        };
        const red = { isOfTest, ...(how === "sign" ? { sign: MISSING } : {}) };
        const { cause } = play({ outcome: (arm) => outcomes[arm], facts: { ...facts, red } });
        expect(cause).not.toBe("recipe");
        expect(cause).not.toMatch(/^flake/);
      }),
    );
  });

  it("never calls a fault of the recipe a flake", () => {
    const world = fc.record({
      known: fc.constantFrom(G, R, O),
      testsChanged: fc.option(fc.boolean(), { nil: null }),
      isOfTest: fc.boolean(),
      isProven: fc.boolean(),
    });
    fc.assert(
      fc.property(world, ({ known, isOfTest, ...facts }) => {
        const outcomes: Record<Arm, AttemptOutcome> = {
          ...ALL_RED,
          control: G,
          knownGood: known,
          knownGoodLastGreenTests: known,
        };
        const { cause } = play({ outcome: (arm) => outcomes[arm], facts: { ...facts, red: { isOfTest } } });
        expect(cause).not.toMatch(/^flake/);
      }),
    );
  });

  it("calls a flake a fault of the recipe at most as often as it says", () => {
    let called = 0;
    const rounds = 4_000;
    const random = randomOf(1);
    for (let round = 0; round < rounds; round++) {
      const p = random();
      const { cause } = play({ outcome: (arm) => (arm === "control" || random() >= p ? G : R), facts: {} });
      if (cause === "recipe") called += 1;
    }
    expect(called / rounds).toBeLessThan(0.05);
  });

  test.for([
    ["recipe", { testsChanged: true }],
    ["test", { testsChanged: true }],
    ["outside", { testsChanged: false }],
    ["outside", { testsChanged: true }],
  ] as const)("calls a flake %s at most as often as it says: %o", ([wrong, facts]) => {
    let called = 0;
    const rounds = 4_000;
    const random = randomOf(1);
    for (let round = 0; round < rounds; round++) {
      const p = random();
      const outcome = () => (random() >= p ? G : R);
      // It was green when the canonical was proven, and red when it was swept: else nobody would ask.
      if (outcome() === R || outcome() === G) continue;
      const { cause } = play({ outcome: (arm) => (arm === "control" ? G : outcome()), facts });
      if (cause === wrong) called += 1;
    }
    expect(called / rounds).toBeLessThan(0.05);
  });
});

describe("the chance of a flake", () => {
  it("is the largest p^reds (1 - p)^greens over every p", () => {
    expect(chanceOfNoDifference(3, 2)).toBeCloseTo(0.03456, 5);
    expect(chanceOfNoDifference(3, 3)).toBeCloseTo(1 / 64, 10);
    expect(chanceOfNoDifference(3, 0)).toBe(1);
    expect(chanceOfEvenFlake(3)).toBe(0.125);
    expect(chanceOfSoMany(2, 2, 3)).toBeCloseTo(0.03456, 5);
    expect(chanceOfSoMany(1, 3, 3)).toBeCloseTo(0.25, 2);
  });

  it("is at least what any single p would give", () => {
    const count = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(count, count, fc.double({ min: 0, max: 1, noNaN: true }), (reds, greens, p) => {
        expect(chanceOfNoDifference(reds, greens)).toBeGreaterThanOrEqual(
          p ** reds * (1 - p) ** greens - 1e-12,
        );
      }),
    );
  });
});

describe("the first errors of two reds", () => {
  it("are the same error where only ids, ports and times differ", () => {
    const one = "health: http://127.0.0.1:40123/ at note-1a2b3c.ci.test gave no answer within 12.5 s";
    const other = "health: http://127.0.0.1:9/ at note-ffee00.ci.test gave no answer within 9.0 s";
    expect(isSameError(one, other)).toBe(true);
    expect(isSameError(one, "health: the app answered with 500")).toBe(false);
  });

  test.for([
    ["custom/search: a tool is missing: jq (custom/search)", "machinery"],
    ["deploy: write /data/db: no space left on device", "machinery"],
    ["deploy: toomanyrequests: You have reached your pull rate limit", "outside"],
    ["custom/feed: curl: (6) Could not resolve host: feeds.example.org", "outside"],
    ["custom/login: expected 200, found 500", undefined],
    ["deploy: cat: /etc/app.conf: No such file or directory", undefined],
  ] as const)("show machinery or the outside only by a known sign: %s", ([text, kind]) => {
    expect(signOf(text)?.kind).toBe(kind);
  });
});

const ALL_RED = Object.fromEntries(ARMS.map((arm) => [arm, R])) as Record<Arm, AttemptOutcome>;
const ALL_BROKEN = Object.fromEntries(
  ARMS.filter((arm) => arm !== "control").map((arm) => [arm, "machinery"]),
) as Record<Arm, AttemptOutcome>;

interface PlayedWorld {
  outcome: (arm: Arm) => AttemptOutcome;
  facts: Facts;
}

/** Makes the runs that are asked for until there is an answer. */
function play({ outcome, facts }: PlayedWorld): { cause: string; made: number } {
  const runs: Partial<Record<Arm, AttemptOutcome[]>> = {};
  for (let made = 0; ; made++) {
    const verdict = judge(evidence(runs, facts));
    if (!("wanted" in verdict)) return { cause: verdict.cause, made };
    if (made > 100) return { cause: "none", made };
    runs[verdict.wanted] = [...(runs[verdict.wanted] ?? []), outcome(verdict.wanted)];
  }
}

function anyFacts() {
  const maybe = fc.option(fc.boolean(), { nil: null });
  return fc.record({
    red: fc.record({
      at: fc.constantFrom("tier", "promotion", "refusal"),
      isOfTest: fc.boolean(),
      isDefinite: fc.boolean(),
      sign: fc.constantFrom(null, MISSING, GONE),
      slowdown: fc.constantFrom(null, 1, 3),
    }),
    isControlOfDeployer: fc.boolean(),
    isProven: fc.boolean(),
    testsChanged: maybe,
    surroundingsChanged: maybe,
    promotionFailures: fc.integer({ min: 1, max: 4 }),
    lintPredicts: fc.boolean(),
    runs: fc.integer({ min: 1, max: 6 }),
    load: fc.constantFrom(0, 4),
  });
}

function anyEvidence() {
  const runs = fc.oneof(
    fc.array(fc.constantFrom(...ATTEMPT_OUTCOMES), { maxLength: 6 }),
    fc.constant("not possible"),
  );
  const arms = fc.record(Object.fromEntries(ARMS.map((arm) => [arm, runs])) as Record<Arm, typeof runs>);
  return fc
    .tuple(arms, anyFacts(), fc.boolean())
    .map(([made, facts, isolated]) => evidence(made, facts, isolated));
}

function anyWorld() {
  return fc.tuple(fc.integer(), anyFacts()).map(([seed, facts]) => {
    const random = randomOf(seed);
    const outcome = () => ATTEMPT_OUTCOMES[Math.floor(random() * ATTEMPT_OUTCOMES.length)] ?? G;
    return { outcome, facts };
  });
}
