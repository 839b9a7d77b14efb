import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NODE, PROGRAM, runProgram } from "../support/program.ts";
import { sampleSweep } from "../support/sample-sweep.ts";

describe("the output of a command", () => {
  test("options are taken before and after the command", async () => {
    const { config, state } = sampleSweep({ gitea: {} });
    const before = await runProgram(["--config", config, "--state", `${state}-other`, "--json", "plan"]);
    const after = await runProgram([
      "plan",
      "--json",
      "--state",
      `${state}-other`,
      "--no-sync",
      "--config",
      config,
    ]);
    expect([before.exitCode, after.exitCode]).toEqual([0, 0]);
    expect(JSON.parse(after.stdout).rows).toEqual(JSON.parse(before.stdout).rows);
  });

  test("plan --json is the document that is promised, and nothing else on standard output", async () => {
    const { config } = sampleSweep({ gitea: { tags: ["1.0.0+2.0", "nightly"] }, hedgedoc: { tags: [] } });
    const { stdout, stderr, exitCode } = await runProgram(["plan", "--json", "--config", config]);
    const document = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(document.schema).toBe(1);
    expect(document.rows[0]).toMatchObject({
      recipe: "gitea",
      action: "RUN",
      reason: "seed",
      reasons: ["seed"],
      latest: { version: "1.0.0+2.0", commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
      canonical: null,
      needsHuman: false,
      detail: expect.any(String),
    });
    expect(document.rows[1]).toMatchObject({
      action: "SKIP",
      reason: "never-released",
      needsHuman: false,
      latest: null,
    });
    for (const line of stderr.split("\n").filter((each) => each !== ""))
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), msg: expect.any(String) });
  });

  test("the table of a plan has no colour codes where there is no terminal, and says who must act", async () => {
    const { config } = sampleSweep({ gitea: {}, hedgedoc: { tags: [] } });
    const { stdout } = await runProgram(["plan", "--config", config], { env: { FORCE_COLOR: "1" } });
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toMatch(/^gitea +RUN +seed +1\.0\.0\+2\.0 +none +-$/m);
    expect(stdout).toMatch(/^hedgedoc +SKIP +never-released +none +none +-$/m);
  });

  test("a hollow plan says so in its first words", async () => {
    const { config } = sampleSweep({});
    const { stdout, exitCode } = await runProgram(["plan", "--config", config]);
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(
      /^HOLLOW: 0 enrolled, the floor is 1 .* · enrolled 0 = RUN 0 \+ SKIP 0 \+ BLOCKED 0\n/,
    );
  });

  test("a label is one line where there is no terminal", async () => {
    const { config } = sampleSweep({ gitea: {}, "a-recipe-with-a-long-name-of-its-own": {} });
    const { stdout } = await runProgram(["sweep", "--config", config]);
    expect(stdout).toMatch(/^enrolled 2 = .*; tiers executed \d+ of \d+ planned$/m);
    expect(stdout).toMatch(
      /^a-recipe-with-a-long-name-of-its-own .*PASS \(promoted 1\.0\.0\+2\.0; data not proven\)/m,
    );
  });

  test("a state folder that is a file ends the call with 5, and is not called a bug", async () => {
    const { config, state } = sampleSweep({ gitea: {} });
    writeFileSync(`${state}-file`, "");
    const { stderr, exitCode } = await runProgram(["sweep", "--config", config, "--state", `${state}-file`]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain(`${state}-file`);
    expect(stderr).not.toContain("bug");
  });

  test("a plan of cached facts shows their age", async () => {
    const { config } = sampleSweep({ gitea: {} });
    const unknown = await runProgram(["plan", "--no-sync", "--config", config]);
    expect(unknown.stdout).toContain("never asked");
    expect(unknown.exitCode).toBe(3);
    await runProgram(["plan", "--config", config]);
    const known = await runProgram(["plan", "--no-sync", "--config", config]);
    expect(known.stdout).toMatch(/gitea .*[0-9.]+s ago/);
    expect(known.exitCode).toBe(0);
  });

  test("explain shows every fact and every rule, also those that do not apply", async () => {
    const { config } = sampleSweep({ gitea: { tags: ["1.0.0+2.0", "nightly"] } });
    const { stdout, exitCode } = await runProgram(["explain", "gitea", "--config", config]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^seed +RUN +decides/m);
    expect(stdout).toMatch(/^tag-moved +does not apply/m);
    expect(stdout).toMatch(/^nightly +no release:/m);
  });

  test("an error is text on standard error, with --json too", async () => {
    const { stdout, stderr, exitCode } = await runProgram(["plan", "--json", "--config", "/nonexistent"]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^canonical-sweep: /);
    expect(stderr).toContain("sweep.yaml");
  });

  test("a configuration is found in the variable, then in the working directory", async () => {
    const { config } = sampleSweep({ gitea: {} });
    const named = await runProgram(["plan", "--no-sync"], {
      cwd: "/",
      env: { CANONICAL_SWEEP_CONFIG: config },
    });
    const here = await runProgram(["plan", "--no-sync"], { cwd: config });
    expect(named.stdout).toContain("gitea");
    expect(here.stdout).toBe(named.stdout);
  });

  test("a reader that goes away early changes no exit code and shows no stack", () => {
    const { config } = sampleSweep({ gitea: {}, hedgedoc: { tags: [] } });
    const pipe = '{ "$@"; printf "exit %s" $? >&2; } | true';
    const call = [NODE, PROGRAM, "plan", "--json", "--quiet", "--config", config];
    const { stderr } = spawnSync("bash", ["-c", pipe, "bash", ...call], { encoding: "utf8" });
    expect(stderr).toBe("exit 0");
  });
});
