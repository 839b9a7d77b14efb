import { describe, expect, it } from "vitest";
import type { RecipeFacts } from "../../src/core/decision/facts.ts";
import { sweepDecision } from "../../src/core/decision/sweep-decision.ts";
import { EXIT, exitOf, exitOfPlan, type SweepEnd } from "../../src/core/exit-code.ts";
import type { RecipeReport } from "../../src/core/records/report.ts";
import { rowWith } from "../support/report.ts";
import { factsWith, recordAt, tag } from "./facts.ts";

const SKIP = rowWith();
const PASS = rowWith({ label: "PASS (promoted 2.0.0+1)" });
const FAIL = rowWith({ label: "FAIL (red at install; canonical unchanged: none)" });
const BLOCKED = rowWith({ label: "BLOCKED (sync-failed)" });
const NOT_RUN = rowWith({ label: "NOT-RUN (stopped)" });
const PROMOTE_FAILED = rowWith({ label: "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 2.0.0+1)" });

function notPromoted(tested: string, canonical: string | null): RecipeReport {
  const ref = (version: string) => ({ version, commit: "c".repeat(40) });
  return rowWith({
    label: `PASS-NOT-PROMOTED (${tested}; disk: 1.0 GiB free)`,
    target: { ...ref(tested), tagObject: null },
    canonicalBefore: canonical === null ? null : ref(canonical),
  });
}

function end(rows: readonly RecipeReport[], more: Partial<SweepEnd> = {}): SweepEnd {
  return {
    rows,
    hollow: false,
    machinery: false,
    unpromotedByRequest: false,
    onlySync: false,
    unmended: false,
    interrupted: null,
    ...more,
  };
}

describe("the exit code of a sweep or run", () => {
  it.each<[string, SweepEnd, number]>([
    ["every row is SKIP or PASS", end([SKIP, PASS]), 0],
    ["there are no rows, and it is not hollow", end([]), 0],
    ["a FAIL", end([SKIP, PASS, FAIL]), 3],
    ["a BLOCKED", end([SKIP, BLOCKED]), 3],
    ["a NOT-RUN", end([SKIP, NOT_RUN]), 3],
    ["a GREEN-BUT-PROMOTE-FAILED", end([PROMOTE_FAILED]), 3],
    ["a label that nobody knows", end([rowWith({ label: "GREEN" })]), 3],
    ["a newer release was not promoted", end([notPromoted("2.0.0+1", "1.0.0+1")]), 3],
    ["a first release was not promoted", end([notPromoted("2.0.0+1", null)]), 3],
    ["an older release was not promoted", end([notPromoted("1.0.0+1", "2.0.0+1")]), 0],
    ["the canonical's own release was not promoted", end([notPromoted("2.0.0+1", "2.0.0+1")]), 0],
    ["newer by the app's version alone", end([notPromoted("1.0.0+1.24.10", "1.0.0+1.24.2")]), 3],
    ["newer than a record that names no release", end([notPromoted("2.0.0+1", "stable")]), 3],
    [
      "a newer release was not to be promoted (--no-promote --quick --ref --tier)",
      end([notPromoted("2.0.0+1", "1.0.0+1")], { unpromotedByRequest: true }),
      0,
    ],
    ["what was asked by hand is red all the same", end([FAIL], { unpromotedByRequest: true }), 3],
    ["--only-sync runs nothing, and that was asked for", end([SKIP, NOT_RUN], { onlySync: true }), 0],
    ["--only-sync with a sync that failed", end([BLOCKED, NOT_RUN], { onlySync: true }), 3],
    ["hollow", end([SKIP], { hollow: true }), 4],
    ["hollow before a finding", end([FAIL], { hollow: true }), 4],
    ["machinery", end([SKIP], { machinery: true }), 5],
    ["machinery before hollow and a finding", end([FAIL], { hollow: true, machinery: true }), 5],
    ["Ctrl-C", end([PASS], { interrupted: "SIGINT" }), 130],
    ["TERM", end([PASS], { interrupted: "SIGTERM" }), 143],
    [
      "an interrupt before everything else",
      end([FAIL], { hollow: true, machinery: true, interrupted: "SIGTERM" }),
      143,
    ],
  ])("%s", (_what, finished, code) => {
    expect(exitOf(finished)).toBe(code);
  });
});

describe("the exit code of a plan", () => {
  const decisions = (...facts: RecipeFacts[]) => facts.map(sweepDecision);
  const run = factsWith();
  const skip = factsWith({ tags: [tag("1.0.0+1")], record: recordAt("1.0.0+1") });
  const blocked = factsWith({ mirror: { state: "failed", problem: "no answer" } });
  const heldAndBlocked = factsWith({ ...blocked, hold: { reason: "known", until: "2026-07-01" } });

  it.each<[string, RecipeFacts[], boolean, number]>([
    ["nothing is blocked", [run, skip], false, 0],
    ["a row is BLOCKED", [run, blocked], false, 3],
    ["what is held is not blocked", [heldAndBlocked], false, 0],
    ["hollow before blocked", [blocked], true, 4],
  ])("%s", (_what, facts, hollow, code) => {
    expect(exitOfPlan(decisions(...facts), hollow)).toBe(code);
  });
});

it("the exit codes are the numbers that others rely on", () => {
  expect(EXIT).toEqual({
    ok: 0,
    bug: 1,
    usage: 2,
    findings: 3,
    hollow: 4,
    machinery: 5,
    locked: 75,
    interrupted: 130,
    terminated: 143,
  });
});
