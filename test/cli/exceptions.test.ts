import { expect, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { sampleSweep } from "../support/sample-sweep.ts";

test("silent-exception: a hold is in the plan and in the status with its end, until it is released", async () => {
  const { config } = sampleSweep({ gitea: {} });
  const on = (...args: string[]) => runProgram([...args, "--config", config]);
  const held = await on(
    "hold",
    "gitea",
    "--reason",
    "waits for #12 家",
    "--until",
    "2099-01-01",
    "--owner",
    "ann",
  );
  expect([held.exitCode, held.stdout.replaceAll("\n", " ")]).toEqual([
    0,
    expect.stringContaining("until 2099-01-01, owner ann"),
  ]);
  expect((await on("plan")).stdout).toMatch(/gitea +SKIP +held/);
  expect((await on("status")).stdout).toMatch(/gitea +waits for #12 家 +2099-01-01 +ann/);
  expect((await on("release", "gitea")).exitCode).toBe(0);
  expect((await on("plan")).stdout).toMatch(/gitea +RUN +seed/);
  expect((await on("release", "gitea")).stdout).toContain("was not held");
});

test("a known red is listed as known", async () => {
  const { config } = sampleSweep({ gitea: {} });
  await runProgram(["acknowledge", "gitea", "--reason", "hook", "--until", "2099-01-01", "--config", config]);
  const { stdout } = await runProgram(["status", "--json", "--config", config]);
  expect(JSON.parse(stdout).acknowledged).toEqual([
    { recipe: "gitea", reason: "hook", until: "2099-01-01", owner: null, expired: false },
  ]);
});
