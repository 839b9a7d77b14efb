import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { runProgram } from "../support/program.ts";

const CONTRACT: Record<string, string[]> = {
  plan: ["--no-sync"],
  explain: [],
  lint: ["--no-sync", "--format", "--output"],
  sweep: ["--only-sync"],
  run: ["--tag", "--ref", "--quick", "--no-promote", "--keep", "--tier", "--accept-moved-tag"],
  investigate: ["--runs", "--load", "--busy"],
  stop: [],
  status: [],
  history: [],
  show: ["--bundle"],
  clean: ["--dry-run", "--discard"],
  roll: [],
  hold: ["--reason", "--until", "--owner"],
  release: [],
  acknowledge: ["--reason", "--until"],
  revoke: ["--reason"],
  adopt: ["--version"],
  init: [],
  demo: [],
};

describe("help", () => {
  test.for(COMMANDS.map((command) => command.name))(
    "the help of %s has a summary, options, an example and the exit codes, on standard output",
    async (name) => {
      const { exitCode, stdout, stderr } = await runProgram([name, "--help"]);
      expect(exitCode).toBe(0);
      expect(stderr).toBe("");
      expect(stdout).toContain(`Usage: canonical-sweep ${name}`);
      expect(stdout).toMatch(/\nExamples:\n {2}\$ .*canonical-sweep/);
      expect(stdout).toMatch(/\nExit codes:\n +0 {2}/);
      for (const option of ["--config", "--state", "--json", "--quiet", "--verbose"])
        expect(stdout).toContain(option);
      for (const option of CONTRACT[name] ?? []) expect(stdout).toContain(`  ${option}`);
      for (const line of stdout.split("\n").filter((each) => !each.includes("$ ")))
        expect(line.length).toBeLessThanOrEqual(80);
    },
  );

  test("the program's help lists every command", async () => {
    const { stdout, exitCode } = await runProgram(["--help"]);
    expect(exitCode).toBe(0);
    for (const name of Object.keys(CONTRACT)) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    expect(stdout).toContain("--version");
  });

  test("help COMMAND prints that command's help and exits with 0", async () => {
    const { stdout, exitCode } = await runProgram(["help", "run"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Usage: canonical-sweep run");
  });

  test("a call without a command writes the help to standard error and exits with 2", async () => {
    const { stdout, stderr, exitCode } = await runProgram([]);
    expect([stdout, exitCode]).toEqual(["", 2]);
    expect(stderr).toContain("Usage: canonical-sweep");
  });
});
