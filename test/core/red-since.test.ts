import { describe, expect, it } from "vitest";
import { firstFailure } from "../../src/core/first-failure.ts";
import { type FormerRow, redSince } from "../../src/core/label/red-since.ts";
import { isSameError } from "../../src/core/text/same-error.ts";
import { failedCommand, outputOfCommand } from "../../src/core/text/step-output.ts";
import { rowWith } from "../support/report.ts";

const row = (run: string, label: string, failure = ""): FormerRow => ({
  run,
  at: `2026-06-${run}T04:00:00.000Z`,
  label,
  failure,
});
const RED = "FAIL (red at custom; canonical unchanged: 1.0.0+1)";

describe("the age of a red", () => {
  const now = row("28", RED, "custom/login: error: found 502 after 31 s");

  it("counts from the last green, and the run before failed alike or not", () => {
    const former = [
      row("21", RED, "custom/login: error: found 503 after 4 s"),
      row("14", "BLOCKED (sync-failed)"),
      row("07", "PASS (promoted 1.0.0+1)"),
      row("01", RED),
    ];
    expect(redSince(now, former)).toEqual({
      run: "14",
      at: "2026-06-14T04:00:00.000Z",
      runs: 3,
      sameError: true,
      errorBefore: "custom/login: error: found 503 after 4 s",
      lastGreen: { run: "07", at: "2026-06-07T04:00:00.000Z", label: "PASS (promoted 1.0.0+1)" },
    });
  });

  it("is new where the run before was green, or stood at its latest release, or had none", () => {
    for (const label of ["PASS (promoted 1.0.0+1)", "SKIP no-new-version", "SKIP never-released"])
      expect(redSince(now, [row("21", label)])).toMatchObject({ run: "28", runs: 1, sameError: null });
    expect(redSince(now, [])).toMatchObject({ run: "28", runs: 1, lastGreen: null });
  });

  it("goes on while the recipe is on hold and not looked at", () => {
    const held = row("21", "SKIP held (moving house, until 2026-06-27)", "moving house");
    const found = redSince(now, [held, row("14", RED, now.failure), row("07", "PASS (promoted 1.0.0+1)")]);
    expect(found).toMatchObject({ run: "14", runs: 2, sameError: true });
  });

  it.each([
    ["exit after 1.2s at 2026-06-17T05:03:14Z", "exit after 9.7s at 2026-06-18T01:00:00Z", true],
    ["gite-1a2b3c.ci.example.org: HTTP 502", "gite-9f8e7d.ci.example.org: HTTP 502", true],
    ["commit 5202e368194d28b is gone", "commit 34dce2d13cea1d8 is gone", true],
    ["relation a does not exist", "relation b does not exist", false],
    ["facade", "decade", false],
    ["warm-jwt-read-only_ci_test_app: exited with 1", "jwtr-1a2b3c_ci_test_app: exited with 1", true],
  ])("counts %s and %s as the same error: %s", (one, other, same) => {
    expect(isSameError(one, other)).toBe(same);
  });

  it("counts the first failure of a row: of its red tier, of its promotion, else its detail", () => {
    const tiers = [{ tier: "custom", status: "failed", reason: "red", durationMs: 0 }] as const;
    expect(firstFailure(rowWith({ tiers: [...tiers] }))).toBe("red");
    const promotion = {
      kind: "seed",
      from: null,
      to: "1",
      result: "rolled-back",
      reason: "p",
      durationMs: 0,
    } as const;
    expect(firstFailure(rowWith({ promotion }))).toBe("p");
    expect(firstFailure(rowWith({ detail: "d" }))).toBe("d");
  });
});

describe("the command that failed in a step", () => {
  const ended = (step: string, command: string, exitCode: number | null, timedOut = false) => ({
    step,
    command,
    exitCode,
    timedOut,
  });
  const commands = [
    ended("custom", "tests/custom/login", 1),
    ended("custom", "tests/custom/search", 1),
    ended("install", "deploy: ./deploy", null, true),
    ended("teardown", "version: x", 1),
  ];

  it.each([
    ["custom", "custom/login", "tests/custom/login"],
    ["custom", null, "tests/custom/search"],
    ["install", "deploy", "deploy: ./deploy"],
    ["backup", "backup", undefined],
  ])("of %s, %s", (step, what, command) => {
    expect(failedCommand(commands, step, what)?.command).toBe(command);
  });

  it("has said all that stands before the next command, without our time stamps", () => {
    const at = "2026-06-14T03:00:00.000Z";
    const log = `${at} $ a\n${at}   old\n${at} $ a\n${at}   said\nraw\n\n${at} $ b\nother\n`;
    expect(outputOfCommand(log, "a")).toEqual(["  said", "raw"]);
    expect(outputOfCommand(log, "b")).toEqual(["other"]);
    expect(outputOfCommand(log, "c")).toEqual([]);
  });
});
