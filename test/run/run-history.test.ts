import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import type { RecipeReport, Report } from "../../src/core/records/report.ts";
import { createRunHistory } from "../../src/run/run-history.ts";
import { type StatePaths, statePaths } from "../../src/state/paths.ts";
import { reportWith, rowWith } from "../support/report.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const OLD = "20260607T030000Z-00000001";
const NEW = "20260614T030000Z-00000002";
const OWN = "20260621T030000Z-00000003";
const TESTED = {
  tiers: [{ tier: "install", status: "passed", durationMs: 5 }],
  label: "PASS (promoted 1)",
} as const;

it("a run's history reads each report once, newest first, and leaves its own run out", () => {
  const state = withReports(
    { run: OLD, recipes: [tested(700)] },
    { run: NEW, recipes: [tested(900)] },
    { run: OWN, recipes: [tested(1)] },
  );
  const history = createRunHistory(state, OWN);
  expect([...history.runs()].map(({ run }) => run)).toEqual([NEW, OLD]);
  rmSync(state.runs, { recursive: true });
  expect(history.expectedMs("gitea")).toBe(900);
  expect(history.rowsOf("gitea").map(({ run }) => run)).toEqual([NEW, OLD]);
});

it("a report of a newer program's schema is unreadable to a run, and no last sweep", () => {
  const state = withReports({ run: OLD }, { run: NEW, schema: 2 } as unknown as Partial<Report>);
  const history = createRunHistory(state, OWN);
  const problem = expect.stringContaining("use the newer one that wrote it");
  expect([...history.runs()]).toMatchObject([{ state: "unreadable", problem }, { state: "read" }]);
  expect(history.lastSweep()?.startedAt).toBe(reportWith([]).startedAt);
});

it("what was tried by hand on a branch is no row of a recipe's releases", () => {
  const target = { version: "0123456789ab", commit: "0".repeat(40), tagObject: null };
  const state = withReports(
    { run: OLD, recipes: [tested(700)] },
    { run: NEW, recipes: [{ ...tested(5), target }] },
  );
  expect(
    createRunHistory(state, null)
      .rowsOf("gitea")
      .map(({ run }) => run),
  ).toEqual([OLD]);
});

function tested(durationMs: number): RecipeReport {
  return rowWith({ ...TESTED, tiers: [...TESTED.tiers], durationMs });
}

function withReports(...reports: Partial<Report>[]): StatePaths {
  const state = statePaths(temporaryFolder("run-history"));
  for (const { run = "", recipes = [], ...more } of reports) {
    const path = state.run(run).report;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(reportWith(recipes, { run, ...more })));
  }
  return state;
}
