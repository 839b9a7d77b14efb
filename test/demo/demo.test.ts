import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { findMarked } from "../../src/command/process-group.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const NODE = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
const PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

function demo(...args: string[]) {
  return spawnSync(NODE, [PROGRAM, "demo", ...args], { encoding: "utf8", timeout: 110_000 });
}

function appsBelow(folder: string): number[] {
  return findMarked((environment) => environment.some((entry) => entry.startsWith(`SWEEP_DATA=${folder}/`)));
}

it("the demo shows every label as it should, exits 0 and leaves nothing", () => {
  const folder = join(temporaryFolder("demo"), "here");
  const { status, stdout, stderr } = demo("--json", "--dir", folder);
  const rows = (JSON.parse(stdout) as { sweeps: { rows: { asExpected: boolean }[] }[] }).sweeps.flatMap(
    (sweep) => sweep.rows,
  );
  expect(rows.filter((row) => !row.asExpected)).toEqual([]);
  expect(rows).toHaveLength(24);
  expect(status, stderr).toBe(0);
  expect(existsSync(folder)).toBe(false);
  expect(appsBelow(folder)).toEqual([]);
});

it("`demo --dir` refuses a folder that has something in it, and leaves that alone", () => {
  const folder = temporaryFolder("demo");
  mkdirSync(join(folder, "mine"));
  writeFileSync(join(folder, "mine/letter"), "dear");
  const { status, stderr } = demo("--dir", folder);
  expect(status).toBe(2);
  expect(stderr).toContain("is not empty");
  expect(readdirSync(folder)).toEqual(["mine"]);
});

it("Ctrl-C in the middle of the demo stops its apps, removes its folder and exits 130", async () => {
  const folder = join(temporaryFolder("demo"), "here");
  const child = spawn(NODE, [PROGRAM, "demo", "--dir", folder], { stdio: "ignore" });
  await expect.poll(() => appsBelow(folder), { timeout: 30_000, interval: 20 }).not.toEqual([]);
  child.kill("SIGINT");
  const [status] = await once(child, "exit");
  expect(status).toBe(130);
  expect(existsSync(folder)).toBe(false);
  expect(appsBelow(folder)).toEqual([]);
});
