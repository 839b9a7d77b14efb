import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { briefOf } from "../../src/brief/brief.ts";
import { exitOf } from "../../src/core/exit-code.ts";
import { whyGivenUp } from "../../src/core/label/breaker.ts";
import { hollowReasons, honestyOf } from "../../src/core/label/honesty.ts";
import { redSince } from "../../src/core/label/red-since.ts";
import { issueActOf } from "../../src/core/maintainer-issue.ts";
import { heartbeatOf, isToBeTold, noticeOf } from "../../src/core/notice.ts";
import type { BlockedCode, NotPromotedCode, NotRunCode, Outcome } from "../../src/core/outcome.ts";
import type { RecipeReport } from "../../src/core/records/report.ts";
import { nextCommand } from "../../src/core/view/next-command.ts";
import { Fault } from "../../src/fault.ts";
import { findRed } from "../../src/investigate/find-red.ts";
import { reportJunit } from "../../src/report/junit.ts";
import { readStanding } from "../../src/report/standing.ts";
import { type StatePaths, statePaths } from "../../src/state/paths.ts";
import { needsBrief, rowOf } from "../../src/sweep/label/row.ts";
import { briefFactsWith } from "../support/brief.ts";
import { reportWith } from "../support/report.ts";

const V = "2.0.0+1";
const notPromoted = (code: NotPromotedCode, detail = ""): Outcome => ({
  kind: "PASS-NOT-PROMOTED",
  version: V,
  reason: { code, detail },
});
const blocked = (code: BlockedCode, detail = ""): Outcome => ({ kind: "BLOCKED", reason: { code, detail } });
const notRun = (code: NotRunCode, detail = ""): Outcome => ({ kind: "NOT-RUN", reason: { code, detail } });

const OUTCOMES: readonly Outcome[] = [
  { kind: "SKIP", reason: "no-new-version" },
  { kind: "SKIP", reason: "never-released" },
  { kind: "SKIP", reason: "held", hold: { reason: "moving", until: "2099-12-31" } },
  { kind: "PASS", version: V, dataProven: true },
  { kind: "PASS", version: V, dataProven: false },
  notPromoted("by-request", "--no-promote"),
  notPromoted("upgrade-skipped", "base 1.0.0+1 does not deploy"),
  { kind: "GREEN-BUT-PROMOTE-FAILED", canonical: null, expected: V },
  { kind: "FAIL", tier: "custom", canonical: null },
  blocked("sync-failed"),
  blocked("machinery", "Docker is away"),
  blocked("permission", "docker-socket not granted in recipe.yaml"),
  notRun("interrupted"),
  notRun("stopped"),
  notRun("sweep-deadline"),
  notRun("machinery", "3 failures in a row; the last: the disk is full"),
];

/** A tested row of each outcome, in a report's own words. */
const rows: readonly RecipeReport[] = OUTCOMES.map((outcome, index) => ({
  ...madeOf(outcome, "passed 0 of 1 planned; it is red"),
  recipe: `recipe-${index}`,
}));

/** The same as another version might say it; labels say what a reader of their words would take for the opposite. */
const reworded: readonly RecipeReport[] = OUTCOMES.map((outcome, index) => {
  const row = madeOf(inOtherWords(outcome), "machinery: said otherwise");
  return {
    ...row,
    recipe: `recipe-${index}`,
    label: row.outcome?.kind === "PASS" ? "FAIL (said otherwise)" : "PASS (said otherwise)",
    tiers: row.tiers.map((end) => ({ ...end, reason: "said otherwise" })),
    warnings: ["said otherwise"],
  };
});

/** As older reports have them. */
const old: readonly RecipeReport[] = rows.map(({ outcome: _none, ...row }) => ({
  ...row,
  tiers: row.tiers.map(({ isOfTest: _unknown, ...end }) => end),
}));

const root = mkdtempSync(join(tmpdir(), "words-"));

/** All that the program decides by a row. */
const DECIDED: Readonly<Record<string, (row: RecipeReport) => unknown>> = {
  "the exit code": (row) => exitOf(endOf([row])),
  "the exit code where nothing was to be promoted": (row) =>
    exitOf({ ...endOf([row]), unpromotedByRequest: true }),
  "the exit code of --only-sync": (row) => exitOf({ ...endOf([row]), onlySync: true }),
  "the breaker": (row) => whyGivenUp([row, row, row], 3)?.code ?? null,
  "the heartbeat": (row) => heartbeatOf(reportWith([row])),
  "who is told of it": (row) => {
    const report = reportWith([row], { exit: exitOf(endOf([row])) });
    return isToBeTold("failure", report, false);
  },
  "the verdict of a notice": (row) => noticeOf(reportWith([row]), () => "").verdict,
  "the counts": (row) => honestyOf([row], false),
  "whether the sweep is hollow": (row) =>
    hollowReasons({ enrolled: ["a"], floor: 1, before: [], lastUnknown: null, declined: [] }, [green(row)]),
  "whether it has a brief": needsBrief,
  "what a brief asks": (row) => briefOf(row, briefFactsWith()).notKnown.length,
  "the next command": (row) => nextCommand(row, "20260614T030000Z-0a1b2c3d"),
  "since when it is red": (row) => {
    const former = { ...row, run: "1", at: "2026-06-07T03:00:00.000Z", failure: "x" };
    const { run, runs, lastGreen } = redSince({ ...former, run: "2" }, [former]);
    return { run, runs, wasGreen: lastGreen !== null };
  },
  "the issue of its maintainer": (row) => [null, true, false].map((isOpen) => issueActs(row, isOpen)),
  "whether it needs a person": (row) => row.needsHuman,
  "what is investigated": (row) => {
    try {
      const { facts } = findRed(stateWith(row), row.recipe);
      return [facts.at, facts.isOfTest];
    } catch (error) {
      return error instanceof Fault ? "nothing" : error;
    }
  },
  "how it stands": (row) => readStanding(stateWith(row)).rows.map(({ past, command }) => [past, command]),
  "the cases of JUnit": (row) =>
    [...reportJunit(reportWith([row])).matchAll(/<(failure|skipped)|tests="\d+"|failures="\d+"/g)].map(
      ([found]) => found,
    ),
};

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("other words for the same outcome", () => {
  it("are other words: no label, detail, reason or warning is the same", () => {
    for (const [index, row] of rows.entries()) {
      const other = reworded[index];
      expect(other?.outcome).toMatchObject({ kind: row.outcome?.kind, code: row.outcome?.code });
      for (const name of ["label", "detail", "tiers", "warnings"] as const)
        expect(other?.[name], name).not.toEqual(row[name]);
    }
  });

  it.each(Object.entries(DECIDED))("do not change %s", (_what, decide) => {
    const decided = rows.map(decide);
    expect(reworded.map(decide)).toEqual(decided);
    // It does look at the row: not all outcomes come to the same.
    expect(new Set(decided.map((each) => JSON.stringify(each))).size).toBeGreaterThan(1);
  });

  it.each(Object.entries(DECIDED))(
    "may be missing: by an old report's label %s is the same",
    (_what, decide) => {
      expect(old.map(decide)).toEqual(rows.map(decide));
    },
  );

  it("do not change the counts, the exit code or the heartbeat of them all together", () => {
    const all = [rows, reworded].map((each) => {
      const report = reportWith([...each]);
      return [report.honesty, exitOf(endOf(each)), heartbeatOf(report), noticeOf(report, () => "").verdict];
    });
    expect(all[1]).toEqual(all[0]);
  });
});

function madeOf(outcome: Outcome, detail: string): RecipeReport {
  const facts = { action: "RUN", reason: "seed", detail: "it is new", whoActs: "nobody" } as const;
  const none = { findings: [], latest: null, canonical: null, notReleases: [] };
  return rowOf({
    decision: { recipe: "gitea", ...facts, ...none },
    outcome,
    detail,
    target: { version: V, commit: "c".repeat(40), tagObject: "d".repeat(40) },
    tiers: [{ tier: "install", status: "failed", reason: "data/verify: red", isOfTest: true, durationMs: 1 }],
    notPlanned: [],
    promotion: null,
    before: null,
    after: null,
    warnings: ["a warning"],
    acknowledged: null,
    lane: null,
    durationMs: 1,
  });
}

function inOtherWords(outcome: Outcome): Outcome {
  const detail = "said otherwise";
  switch (outcome.kind) {
    case "PASS-NOT-PROMOTED":
      return { ...outcome, reason: { ...outcome.reason, detail } };
    case "BLOCKED":
      return { ...outcome, reason: { ...outcome.reason, detail } };
    case "NOT-RUN":
      return { ...outcome, reason: { ...outcome.reason, detail } };
    default:
      return outcome;
  }
}

/** A state folder in which one run has this row. */
function stateWith(row: RecipeReport): StatePaths {
  const report = reportWith([row]);
  const state = statePaths(mkdtempSync(join(root, "state-")));
  mkdirSync(state.run(report.run).folder, { recursive: true });
  writeFileSync(state.run(report.run).report, JSON.stringify(report));
  return state;
}

function endOf(all: readonly RecipeReport[]): Parameters<typeof exitOf>[0] {
  return {
    ...{ rows: all, hollow: false, machinery: false, unpromotedByRequest: false, onlySync: false },
    ...{ unmended: false, interrupted: null },
  };
}

function green(row: RecipeReport): RecipeReport {
  return { ...row, tiers: [] };
}

function issueActs(row: RecipeReport, isOpen: boolean | null): string {
  const issue = isOpen === null ? null : { title: "", body: "", isOpen };
  return issueActOf(row, "20260614T030000Z-0a1b2c3d", null, issue).act;
}
