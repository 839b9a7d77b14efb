import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOwnLabel, keptOutcome, labelFor, labelKind, outcomeOfRow } from "../../src/core/label/label.ts";
import { LABEL_KINDS, type NotPromotedCode, type Outcome } from "../../src/core/outcome.ts";
import { oneLine } from "../../src/core/text/one-line.ts";

const [V, V0] = ["3.6.0+1.24.2-rootless", "3.5.0+1.23.1"];

describe("a label has the exact words that others rely on", () => {
  it.each<[Outcome, string]>([
    [{ kind: "SKIP", reason: "no-new-version" }, "SKIP no-new-version"],
    [{ kind: "SKIP", reason: "never-released" }, "SKIP never-released"],
    [
      { kind: "SKIP", reason: "held", hold: { reason: "rewritten upstream", until: "2026-07-01" } },
      "SKIP held (rewritten upstream, until 2026-07-01)",
    ],
    [{ kind: "PASS", version: V, dataProven: true }, `PASS (promoted ${V})`],
    [{ kind: "PASS", version: V, dataProven: false }, `PASS (promoted ${V}; data not proven)`],
    [
      { kind: "PASS-NOT-PROMOTED", version: V, reason: { code: "disk", detail: "2.0 GiB free" } },
      `PASS-NOT-PROMOTED (${V}; disk: 2.0 GiB free)`,
    ],
    [
      { kind: "GREEN-BUT-PROMOTE-FAILED", canonical: V0, expected: V },
      `GREEN-BUT-PROMOTE-FAILED (canonical=${V0}, expected ${V})`,
    ],
    [
      { kind: "GREEN-BUT-PROMOTE-FAILED", canonical: null, expected: V },
      `GREEN-BUT-PROMOTE-FAILED (canonical=none, expected ${V})`,
    ],
    [{ kind: "FAIL", tier: "upgrade", canonical: V0 }, `FAIL (red at upgrade; canonical unchanged: ${V0})`],
    [{ kind: "FAIL", tier: "install", canonical: null }, "FAIL (red at install; canonical unchanged: none)"],
    [{ kind: "BLOCKED", reason: { code: "tag-moved", detail: "" } }, "BLOCKED (tag-moved)"],
    [
      { kind: "BLOCKED", reason: { code: "machinery", detail: "Docker is away" } },
      "BLOCKED (machinery: Docker is away)",
    ],
    [{ kind: "NOT-RUN", reason: { code: "sweep-deadline", detail: "" } }, "NOT-RUN (sweep-deadline)"],
  ])("%j", (outcome, label) => {
    expect(labelFor(outcome)).toBe(label);
  });

  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.record({ kind: fc.constant("SKIP" as const), reason: fc.constant("no-new-version" as const) }),
    fc.record({
      kind: fc.constant("SKIP" as const),
      reason: fc.constant("held" as const),
      hold: fc.record({ reason: hostile(), until: hostile() }),
    }),
    fc.record({ kind: fc.constant("PASS" as const), version: hostile(), dataProven: fc.boolean() }),
    fc.record({
      kind: fc.constant("PASS-NOT-PROMOTED" as const),
      version: hostile(),
      reason: fc.record({
        code: fc.constantFrom(
          "not-a-release" as const,
          "by-request" as const,
          "upgrade-not-reached" as const,
        ),
        detail: hostile(),
      }),
    }),
    fc.record({
      kind: fc.constant("GREEN-BUT-PROMOTE-FAILED" as const),
      canonical: fc.option(hostile()),
      expected: hostile(),
    }),
    fc.record({
      kind: fc.constant("FAIL" as const),
      tier: fc.constantFrom("install" as const, "custom" as const),
      canonical: fc.option(hostile()),
    }),
    fc.record({
      kind: fc.constantFrom("BLOCKED" as const, "NOT-RUN" as const),
      reason: fc.record({ code: fc.constant("machinery" as const), detail: hostile() }),
    }),
  );

  it("one line for any tag, hold or error, from which its kind can be read back", () => {
    fc.assert(
      fc.property(outcome, (each) => {
        const label = labelFor(each);
        expect(label).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(label.isWellFormed()).toBe(true);
        expect(label.length).toBeLessThan(2500);
        expect(labelKind(label)).toBe(each.kind);
        expect(isOwnLabel({ label, outcome: keptOutcome(each) }, versionOf(each))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("a reason makes neither a line of its own nor the look of another label", () => {
    const detail = "x)\nPASS (promoted 9.9.9+1)\u001b[2K\r\u202e\u2028next";
    const label = "BLOCKED (machinery: x) PASS (promoted 9.9.9+1) [2K next)";
    expect(labelFor({ kind: "BLOCKED", reason: { code: "machinery", detail } })).toBe(label);
  });

  function versionOf(outcome: Outcome): string {
    if (outcome.kind === "GREEN-BUT-PROMOTE-FAILED") return outcome.expected;
    return "version" in outcome ? outcome.version : "";
  }

  function hostile(): fc.Arbitrary<string> {
    const nasty = fc.constantFrom(
      "\n",
      "\r",
      "\u0000",
      "\u001b[31m",
      "\u2028",
      "\u202e",
      "\ud800",
      ")",
      "PASS",
      " ",
    );
    return fc
      .array(fc.oneof(nasty, fc.string({ unit: "binary" })), { maxLength: 8 })
      .map((all) => all.join(""));
  }
});

describe("the outcome that a row keeps", () => {
  const notPromoted = (code: NotPromotedCode, detail = ""): Outcome => ({
    kind: "PASS-NOT-PROMOTED",
    version: V,
    reason: { code, detail },
  });

  it.each<[Outcome, string, string]>([
    [{ kind: "SKIP", reason: "never-released" }, "never-released", ""],
    [
      { kind: "SKIP", reason: "held", hold: { reason: "moving: (house)", until: "2026-07-01" } },
      "held",
      "moving: (house), until 2026-07-01",
    ],
    [{ kind: "PASS", version: V, dataProven: true }, "promoted", ""],
    [{ kind: "PASS", version: V, dataProven: false }, "promoted", "data not proven"],
    [notPromoted("not-a-release"), "not-a-release", ""],
    [notPromoted("not-a-release", "no `+`"), "not-a-release", "no `+`"],
    [notPromoted("upgrade-skipped", "base: red"), "upgrade-skipped", "base: red"],
    [notPromoted("custom-not-reached", "machinery"), "custom-not-reached", "machinery"],
    [{ kind: "GREEN-BUT-PROMOTE-FAILED", canonical: V0, expected: V }, "promote-failed", V0],
    [{ kind: "FAIL", tier: "upgrade", canonical: V0 }, "upgrade", V0],
    [{ kind: "BLOCKED", reason: { code: "tag-moved", detail: "" } }, "tag-moved", ""],
    [
      { kind: "BLOCKED", reason: { code: "machinery", detail: "disk: full (0 B)" } },
      "machinery",
      "disk: full (0 B)",
    ],
    [{ kind: "NOT-RUN", reason: { code: "sweep-deadline", detail: "" } }, "sweep-deadline", ""],
  ])("of %j has the code %s, and is what a label of an old report is read as", (outcome, code, detail) => {
    const kept = { kind: outcome.kind, code, detail };
    expect(keptOutcome(outcome)).toEqual(kept);
    expect(outcomeOfRow({ label: labelFor(outcome) })).toEqual(kept);
  });

  it("counts for more than its label, which may be said in other words", () => {
    const outcome = { kind: "FAIL", code: "install", detail: "none" } as const;
    expect(outcomeOfRow({ label: "PASS (promoted 1.0.0+1)", outcome })).toEqual(outcome);
  });

  it("makes its own label and no other, also where a secret is masked in both", () => {
    const outcome = { kind: "BLOCKED", code: "machinery", detail: "login token=***" } as const;
    expect(isOwnLabel({ label: "BLOCKED (machinery: login token=***", outcome }, V)).toBe(true);
    expect(isOwnLabel({ label: "BLOCKED (machinery: logout token=***", outcome }, V)).toBe(false);
    expect(isOwnLabel({ label: "BLOCKED (machinery: login token=", outcome }, V)).toBe(false);
    expect(isOwnLabel({ label: "NOT-RUN (stopped)", outcome }, V)).toBe(false);
  });
});

describe("the kind of a label", () => {
  it.each([
    ["PASSED (x)", null],
    ["PASS-NOT (x)", null],
    ["pass (x)", null],
    ["", null],
    [" PASS (x)", null],
    ["green", null],
  ])("%j is no label", (label, kind) => {
    expect(labelKind(label)).toBe(kind);
  });

  it("has seven values", () => {
    expect(LABEL_KINDS).toEqual([
      "SKIP",
      "PASS",
      "PASS-NOT-PROMOTED",
      "GREEN-BUT-PROMOTE-FAILED",
      "FAIL",
      "BLOCKED",
      "NOT-RUN",
    ]);
  });
});

describe("text from outside on one line", () => {
  it.each([
    ["a\nb", 240, "a b"],
    ["  a \t b\u00a0c ", 240, "a b c"],
    ["a\u0000\u0007b", 240, "a b"],
    ["abcdef", 4, "abc…"],
    ["abcd", 4, "abcd"],
    ["\u{1f600}\u{1f600}\u{1f600}", 2, "\u{1f600}…"],
    ["a\ud800b", 240, "a\ufffdb"],
    ["", 240, ""],
  ])("%j, at most %i characters: %j", (text, longest, line) => {
    expect(oneLine(text, longest)).toBe(line);
  });
});
