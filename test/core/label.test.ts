import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelFor, labelKind } from "../../src/core/label/label.ts";
import { LABEL_KINDS, type Outcome } from "../../src/core/outcome.ts";
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
      { kind: "PASS-NOT-PROMOTED", version: V, reason: "disk: 2.0 GiB free" },
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
    [{ kind: "BLOCKED", reason: "tag-moved" }, "BLOCKED (tag-moved)"],
    [{ kind: "BLOCKED", reason: "machinery: Docker is away" }, "BLOCKED (machinery: Docker is away)"],
    [{ kind: "NOT-RUN", reason: "sweep-deadline" }, "NOT-RUN (sweep-deadline)"],
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
    fc.record({ kind: fc.constant("PASS-NOT-PROMOTED" as const), version: hostile(), reason: hostile() }),
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
    fc.record({ kind: fc.constantFrom("BLOCKED" as const, "NOT-RUN" as const), reason: hostile() }),
  );

  it("one line for any tag, hold or error, from which its kind can be read back", () => {
    fc.assert(
      fc.property(outcome, (each) => {
        const label = labelFor(each);
        expect(label).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(label.isWellFormed()).toBe(true);
        expect(label.length).toBeLessThan(2500);
        expect(labelKind(label)).toBe(each.kind);
      }),
      { numRuns: 1000 },
    );
  });

  it("a reason makes neither a line of its own nor the look of another label", () => {
    const reason = "x)\nPASS (promoted 9.9.9+1)\u001b[2K\r\u202e\u2028next";
    expect(labelFor({ kind: "BLOCKED", reason })).toBe("BLOCKED (x) PASS (promoted 9.9.9+1) [2K next)");
  });

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
