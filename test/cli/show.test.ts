import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeReport } from "../../src/report/write-report.ts";
import { statePaths } from "../../src/state/paths.ts";
import { runProgram } from "../support/program.ts";
import { reportWith, rowWith } from "../support/report.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const RUNS = ["20260607T030000Z-00000001", "20260614T030000Z-00000002"];

function stateWithRuns(): string {
  const state = temporaryFolder("state");
  const red = rowWith({ recipe: "hedgedoc", label: "BLOCKED (machinery: x)", brief: "hedgedoc/brief.md" });
  for (const run of RUNS) writeReport(statePaths(state).run(run), reportWith([red, rowWith()], { run }));
  write(join(state, "runs", RUNS[1] ?? "", "hedgedoc/brief.md"), "# Brief\n\nthe first \u001b[31merror\n");
  return state;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

describe("`show`, of a run", () => {
  test("`show` takes a whole id, the beginning of one, and `latest`", async () => {
    const state = stateWithRuns();
    for (const wanted of [RUNS[1] ?? "", "20260614", "latest"]) {
      const { stdout, exitCode } = await runProgram(["show", wanted, "--json", "--state", state]);
      expect([exitCode, JSON.parse(stdout).run]).toEqual([0, RUNS[1]]);
    }
  });

  test("lists the runs where the given beginning matches none or several", async () => {
    const state = stateWithRuns();
    const ambiguous = await runProgram(["show", "2026", "--state", state]);
    expect([ambiguous.exitCode, ambiguous.stderr]).toEqual([
      2,
      expect.stringContaining(RUNS.toReversed().join(" ")),
    ]);
    const unknown = await runProgram(["show", "../../../etc", "--state", state]);
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining("no run begins with")]);
  });

  test("a recipe's row comes with its brief, made harmless for a terminal", async () => {
    const { stdout } = await runProgram(["show", "latest", "hedgedoc", "--state", stateWithRuns()]);
    expect(stdout).toContain("BLOCKED (machinery: x)");
    expect(stdout).toContain("the first [31merror");
  });

  test("--bundle writes all evidence into one archive, without secrets and without the configuration", async () => {
    const state = stateWithRuns();
    const run = join(state, "runs", RUNS[1] ?? "");
    write(join(run, "hedgedoc/install.log"), "log\n");
    chmodSync(join(run, "hedgedoc/install.log"), 0o600);
    write(join(run, "hedgedoc/kept/secrets.json"), "secret\n");
    write(join(run, "hedgedoc/.env"), "secret\n");
    write(join(run, "configuration/sweep.yaml"), "heartbeat: secret\n");
    write(join(run, "configuration/forge-token"), "secret\n");
    write(join(run, "configuration/recipes/hedgedoc/recipe.yaml"), "env: secret\n");
    write(join(run, "configuration/recipes/hedgedoc/tests/install/a b.sh"), "#!/bin/sh\n");
    const folder = temporaryFolder("bundle");
    const { exitCode, stdout } = await runProgram(
      ["show", "latest", "--bundle", "x.tar.gz", "--state", state],
      {
        cwd: folder,
      },
    );
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(join(folder, "x.tar.gz"))]);
    const names = execFileSync("tar", ["-tzf", join(folder, "x.tar.gz")], { encoding: "utf8" })
      .split("\n")
      .filter((name) => name !== "" && !name.endsWith("/"));
    expect(names.map((name) => name.slice(name.indexOf("/") + 1)).sort()).toEqual([
      "configuration/recipes/hedgedoc/tests/install/a b.sh",
      "hedgedoc/brief.md",
      "hedgedoc/install.log",
      "junit.xml",
      "report.html",
      "report.json",
      "report.md",
    ]);
  });

  test("--bundle leaves nothing half-written at a place that it cannot write to", async () => {
    const { exitCode, stderr } = await runProgram([
      ...["show", "latest", "--bundle", "/nonexistent/x.tar.gz"],
      ...["--state", stateWithRuns()],
    ]);
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining("tar could not write")]);
  });
});
