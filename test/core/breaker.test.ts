import { describe, expect, it } from "vitest";
import { whyGivenUp } from "../../src/core/label/breaker.ts";
import { rowWith } from "../support/report.ts";

const RUN = { action: "RUN", reason: "seed", reasons: ["seed"] } as const;
const KINDS = {
  M: rowWith({
    decision: { ...RUN, reasons: ["seed"] },
    label: "BLOCKED (machinery: disk)",
    detail: "the disk is full",
  }),
  F: rowWith({
    decision: { ...RUN, reasons: ["seed"] },
    label: "FAIL (red at custom; canonical unchanged: none)",
  }),
  P: rowWith({ decision: { ...RUN, reasons: ["seed"] }, label: "PASS (promoted 1.0.0+1)" }),
  S: rowWith(),
  N: rowWith({ decision: { ...RUN, reasons: ["seed"] }, label: "NOT-RUN (interrupted)" }),
  B: rowWith({
    decision: { action: "BLOCKED", reason: "sync-failed", reasons: ["sync-failed"] },
    label: "BLOCKED (sync-failed)",
  }),
  K: rowWith({ decision: { ...RUN, reasons: ["seed"] }, label: "BLOCKED (machinery: x)", testedIn: "r" }),
};
type Kind = keyof typeof KINDS;
const rowsOf = (word: string) => [...word].map((kind) => KINDS[kind as Kind]);

/** All words of these letters up to a length. */
function* words(letters: string, longest: number, begin = ""): Generator<string> {
  yield begin;
  if (begin.length < longest) for (const letter of letters) yield* words(letters, longest, begin + letter);
}

describe("the breaker", () => {
  it("stops after three machinery failures in a row, untested rows aside, and at nothing else", () => {
    let looked = 0;
    for (const word of words("MFPSNBK", 6)) {
      const tested = word.replaceAll(/[SNBK]/g, "");
      expect(whyGivenUp(rowsOf(word), 3) !== null, word).toBe(tested.includes("MMM"));
      looked += 1;
    }
    expect(looked).toBeGreaterThan(130_000);
  });

  it("says how many failures there were and the words of the last, and stays open", () => {
    expect(whyGivenUp(rowsOf("MMM"), 3)).toEqual({
      code: "machinery",
      detail: "3 failures in a row; the last: the disk is full",
    });
    expect(whyGivenUp(rowsOf("MMMPP"), 3)).not.toBeNull();
    expect(whyGivenUp(rowsOf("M"), 1)).not.toBeNull();
  });
});
