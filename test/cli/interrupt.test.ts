import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { runProgram, startProgram } from "../support/program.ts";
import { sampleSweep } from "../support/sample-sweep.ts";

const SLOW = { deploy: "sleep 50" };

test("Ctrl-C ends a plan that waits for upstream with 130, and calls it no bug", async () => {
  const { config, folder } = sampleSweep({ gitea: {} });
  const silent = createServer();
  onTestFinished(() => void silent.close());
  await once(silent.listen(0, "127.0.0.1"), "listening");
  const { port } = silent.address() as AddressInfo;
  const yaml = join(config, "sweep.yaml");
  const text = readFileSync(yaml, "utf8");
  writeFileSync(yaml, text.replace(`file://${folder}/upstream`, `http://127.0.0.1:${port}`));
  const plan = startProgram(["plan", "--config", config]);
  const [socket] = (await once(silent, "connection")) as [Socket];
  plan.child.kill("SIGINT");
  const { exit, stdout, stderr } = await plan.end;
  socket.destroy();
  expect([exit, stdout]).toEqual([130, ""]);
  expect(stderr).toContain("ended by SIGINT");
  expect(stderr).not.toContain("bug");
});

describe("stopping a sweep", () => {
  test("Ctrl-C tears down, writes the report with NOT-RUN (interrupted), and ends with 130", async () => {
    const { config, state } = sampleSweep({ gitea: SLOW, hedgedoc: {} });
    const sweep = startProgram(["sweep", "--json", "--config", config]);
    await sweep.said('"phase":"install"');
    sweep.child.kill("SIGINT");
    const { exit: exitCode, stdout } = await sweep.end;
    expect(exitCode).toBe(130);
    const report = JSON.parse(stdout);
    expect(report.exit).toBe(130);
    expect(report.recipes.map((row: { label: string }) => row.label)).toEqual([
      "NOT-RUN (interrupted)",
      "NOT-RUN (interrupted)",
    ]);
    expect(existsSync(join(state, "runs", report.run, "report.json"))).toBe(true);
    expect(readdirSync(join(state, "scratch"))).toEqual([]);
  });

  test("TERM tears down, writes the report with NOT-RUN (interrupted), and ends with 143", async () => {
    const { config } = sampleSweep({ gitea: SLOW });
    const sweep = startProgram(["sweep", "--json", "--config", config]);
    await sweep.said('"phase":"install"');
    sweep.child.kill("SIGTERM");
    const { exit: exitCode, stdout } = await sweep.end;
    expect([exitCode, JSON.parse(stdout).exit]).toEqual([143, 143]);
  });

  test("a closed terminal (HUP, twice) tears down, writes the report, and ends with 143", async () => {
    const { config, state } = sampleSweep({ gitea: SLOW });
    const sweep = startProgram(["sweep", "--json", "--config", config]);
    await sweep.said('"phase":"install"');
    sweep.child.kill("SIGHUP");
    await sweep.said("SIGTERM");
    sweep.child.kill("SIGHUP");
    const { exit: exitCode, stdout } = await sweep.end;
    expect([exitCode, JSON.parse(stdout).exit]).toEqual([143, 143]);
    expect(readdirSync(join(state, "scratch"))).toEqual([]);
  });

  test("a second Ctrl-C leaves at once with 130 and says what it leaves behind", async () => {
    const { config } = sampleSweep({ gitea: { deploy: "trap '' TERM; sleep 50 & wait; wait" } });
    const sweep = startProgram(["sweep", "--config", config]);
    await sweep.said('"phase":"install"');
    sweep.child.kill("SIGINT");
    await sweep.said("SIGINT");
    sweep.child.kill("SIGINT");
    const { exit: exitCode, stderr } = await sweep.end;
    expect(exitCode).toBe(130);
    expect(stderr).toContain("left behind");
    expect(stderr).toMatch(/run \d{8}T\d{9}Z-\w+ \(.*scratch/);
    expect(stderr).toContain("The next run ends them");
    const next = await runProgram(["clean", "--config", config]);
    expect(next.exitCode).toBe(0);
  });

  test("`stop` lets the recipe under way finish; the rest is NOT-RUN", async () => {
    const { config } = sampleSweep({ gitea: { deploy: "sleep 3" }, hedgedoc: { deploy: "sleep 3" } });
    const sweep = startProgram(["sweep", "--json", "--config", config]);
    await sweep.said('"phase":"install"');
    const { stdout, exitCode } = await runProgram(["stop", "--json", "--config", config]);
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      0,
      { schema: 1, asked: true, atWork: expect.objectContaining({ command: "sweep" }) },
    ]);
    const labels = JSON.parse((await sweep.end).stdout).recipes.map((row: { label: string }) => row.label);
    expect(labels[0]).toMatch(/^PASS \(promoted/);
    expect(labels[1]).toMatch(/^NOT-RUN \(/);
  });

  test("`stop` says that nothing is at work, and leaves nothing", async () => {
    const { config, state } = sampleSweep({ gitea: {} });
    const { exitCode, stdout } = await runProgram(["stop", "--config", config]);
    expect([exitCode, stdout]).toEqual([0, "nothing is at work\n"]);
    expect(existsSync(join(state, "stop-request.json"))).toBe(false);
  });

  test("two-sweeps: a second sweep ends with 75 and names the one at work, with its start", async () => {
    const { config, state } = sampleSweep({ gitea: SLOW });
    const sweep = startProgram(["sweep", "--config", config]);
    await sweep.said('"phase":"install"');
    const second = await runProgram(["sweep", "--config", config]);
    const holder = JSON.parse(readFileSync(join(state, "lock"), "utf8"));
    expect(second.exitCode).toBe(75);
    expect(second.stderr).toContain(holder.run);
    expect(second.stderr).toContain(holder.since);
    const { stdout } = await runProgram(["plan", "--config", config]);
    expect(stdout).toContain("is at work");
    sweep.child.kill("SIGINT");
    await sweep.end;
  });
});
