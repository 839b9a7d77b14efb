import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Report } from "../../src/core/records/report.ts";
import { writeReport } from "../../src/report/write-report.ts";
import { statePaths } from "../../src/state/paths.ts";
import { runProgram } from "../support/program.ts";
import { reportWith, rowWith } from "../support/report.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const RED = "FAIL (red at restore; canonical unchanged: none)";
const RUNS = ["20260607T030000Z-00000001", "20260614T030000Z-00000002"] as const;

function stateWith(...reports: Report[]): string {
  const state = temporaryFolder("state");
  for (const report of reports) writeReport(statePaths(state).run(report.run), report);
  return state;
}

function sweepAt(run: string, label: string): Report {
  const day = `${run.slice(0, 4)}-${run.slice(4, 6)}-${run.slice(6, 8)}`;
  const rows = [
    rowWith({ label, detail: "relation does not exist", needsHuman: label === RED, recipe: "hedgedoc" }),
    rowWith(),
  ];
  return reportWith(rows, {
    run,
    startedAt: `${day}T03:00:00.000Z`,
    endedAt: `${day}T04:00:00.000Z`,
    exit: 3,
  });
}

function writeRecord(state: string, recipe: string, text: string): void {
  mkdirSync(statePaths(state).canonical(recipe).folder, { recursive: true });
  writeFileSync(statePaths(state).canonical(recipe).record, text);
}

const RECORD = {
  recipe: "gitea",
  version: "3.6.0+1.24.2",
  commit: "a".repeat(40),
  status: "idle",
  ts: "20260617T050314Z",
};

async function json(...args: string[]) {
  const { exitCode, stdout } = await runProgram([...args, "--json"]);
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}

describe("status", () => {
  test("begins with the honesty line; a row that needs a person has verdict, cause, age and one command", async () => {
    const state = stateWith(sweepAt(RUNS[0], RED), sweepAt(RUNS[1], RED));
    const { exitCode, stdout } = await runProgram(["status", "--state", state]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^enrolled 2 = skipped 1 \+ passed 0 \+ failed 1/);
    expect(stdout).toContain(RED);
    expect(stdout).toContain("relation does not exist");
    expect(stdout).toMatch(/since \d+d \d+h ago/);
    expect(stdout).toContain(`canonical-sweep show ${RUNS[1]} hedgedoc`);
    const { needsHuman } = await json("status", "--state", state);
    expect(needsHuman[0]).toMatchObject({
      since: "2026-06-07T04:00:00.000Z",
      at: "2026-06-14T04:00:00.000Z",
    });
  });

  test("an old form of a record is read; one that is broken or newer is named, and the rest is answered", async () => {
    const state = stateWith(sweepAt(RUNS[0], RED));
    writeRecord(state, "gitea", JSON.stringify(RECORD));
    writeRecord(state, "hedgedoc", "{ broken");
    writeRecord(state, "keycloak", JSON.stringify({ ...RECORD, recipe: "keycloak", schema: 99 }));
    const { problems, canonicals } = await json("status", "--state", state);
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringContaining("hedgedoc/canonical.json is not JSON"),
        expect.stringContaining("schema 99"),
      ]),
    );
    expect(canonicals[0]).toMatchObject({ recipe: "gitea", state: "read" });
    const { stdout, exitCode } = await runProgram(["status", "--state", state]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^gitea +3\.6\.0\+1\.24\.2 +idle/m);
    expect(stdout).toMatch(/^hedgedoc +\? +unreadable/m);
  });

  test("a broken report is named and the one before it is shown", async () => {
    const state = stateWith(sweepAt(RUNS[0], RED), sweepAt(RUNS[1], "PASS (promoted 1.0.0+2.0)"));
    writeFileSync(statePaths(state).run(RUNS[1]).report, '{"schema": 1}');
    const answer = await json("status", "--state", state);
    expect(answer.sweep.run).toBe(RUNS[0]);
    expect(answer.problems[0]).toContain(RUNS[1]);
    const history = await json("history", "--state", state);
    expect(history.runs.map((line: { run: string }) => line.run)).toEqual([RUNS[1], RUNS[0]]);
    expect(history.runs[0].problem).toContain("report.json");
  });

  test("a run by hand counts, unless it tried a branch or a release older than the canonical", async () => {
    const byHand = (run: string, label: string, version: string, tagObject: string | null) =>
      reportWith(
        [
          rowWith({
            recipe: "hedgedoc",
            label,
            target: { version, commit: "b".repeat(40), tagObject },
            canonicalBefore: { version: "1.0.0+2.0", commit: "a".repeat(40) },
          }),
        ],
        { run, kind: "run" },
      );
    const green = "PASS (promoted 1.1.0+2.1)";
    const state = stateWith(
      sweepAt(RUNS[0], RED),
      byHand("20260608T000000Z-3", green, "1.1.0+2.1", "c".repeat(40)),
      byHand("20260609T000000Z-4", RED, "0123456789ab", null),
      byHand("20260610T000000Z-5", RED, "0.9.0+1.9", "d".repeat(40)),
    );
    const { needsHuman, rest } = await json("status", "--state", state);
    expect(needsHuman).toEqual([]);
    expect(rest.find((row: { recipe: string }) => row.recipe === "hedgedoc").label).toBe(green);
  });

  test("a dead holder of the lock does not count as a run at work", async () => {
    const state = stateWith();
    const holder = {
      pid: process.pid,
      started: "1",
      run: "x",
      command: "sweep",
      since: "2026-06-14T03:00:00Z",
    };
    writeFileSync(statePaths(state).lock, JSON.stringify(holder));
    expect((await json("status", "--state", state)).atWork).toBeNull();
    writeFileSync(statePaths(state).lock, JSON.stringify({ ...holder, started: null }));
    expect((await json("status", "--state", state)).atWork).toMatchObject({ run: "x", command: "sweep" });
  });

  test("a missing state folder is answered and not made", async () => {
    const { exitCode, stdout } = await runProgram([
      "status",
      "--state",
      join(temporaryFolder("none"), "state"),
    ]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("no sweep yet")]);
  });
});

describe("history", () => {
  test("a recipe's labels and what happened to its canonical stand in one order, newest first", async () => {
    const state = stateWith(sweepAt(RUNS[0], RED), sweepAt(RUNS[1], "PASS (promoted 1.0.0+2.0)"));
    const event = { ts: "2026-06-10T00:00:00.000Z", event: "revoked", from: "0.9.0+1", to: null, run: null };
    const paths = statePaths(state).canonical("hedgedoc");
    mkdirSync(paths.folder, { recursive: true });
    writeFileSync(paths.history, `${JSON.stringify({ ...event, reason: "tainted" })}\n{"torn`);
    const { entries } = await json("history", "hedgedoc", "--state", state);
    expect(entries.map((entry: { what: string }) => entry.what)).toEqual([
      "PASS (promoted 1.0.0+2.0)",
      "canonical revoked 0.9.0+1 → none: tainted",
      RED,
    ]);
  });
});
