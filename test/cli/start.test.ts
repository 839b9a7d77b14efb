import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { nodeFault } from "../../src/cli/node-version.ts";
import { NODE, PROGRAM, runProgram } from "../support/program.ts";

// Sources in TypeScript are neither what an old Node gets to see nor what is fast.
const IS_BUILT = PROGRAM.endsWith(".js");

const OLD_NODE = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  return status === 0 && nodeFault(stdout.trim().slice(1), manifest.engines.node) !== null;
});

describe("the start of the program", () => {
  test.for([
    ["18.20.8", false],
    ["22.22.1", false],
    ["22.22.2", true],
    ["23.5.0", false],
    ["24.14.9", false],
    ["24.15.0", true],
    ["25.9.0", false],
    ["26.0.0", true],
    ["27.1.0-nightly", true],
  ] as const)("Node %s is taken: %s", ([version, taken]) => {
    const fault = nodeFault(version, "^22.22.2 || ^24.15.0 || >=26.0.0");
    expect(fault === null).toBe(taken);
    if (!taken) expect(fault).toContain(`this is Node ${version}`);
  });

  test.skipIf(OLD_NODE === undefined || !IS_BUILT)(
    `an old Node ends with 2 and one line that says what is needed${OLD_NODE ? "" : " (skipped: no old Node here)"}`,
    async () => {
      const { exitCode, stdout, stderr } = await runProgram(["plan"], { node: OLD_NODE ?? "" });
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^canonical-sweep needs Node .*; this is Node [\d.]+\n$/);
    },
  );

  test("--version prints the version, wherever the common options stand", async () => {
    for (const args of [["--version"], ["-V"], ["--config", "x", "--json", "--version"]]) {
      const { exitCode, stdout, stderr } = await runProgram(args);
      expect([exitCode, stdout, stderr]).toEqual([0, `${manifest.version}\n`, ""]);
    }
  });

  test.skipIf(!IS_BUILT)("--version takes at most three times as long as an empty program", () => {
    const empty = median(["-e", "0"]);
    expect(median([PROGRAM, "--version"])).toBeLessThanOrEqual(3 * empty);
  });
});

function median(args: string[]): number {
  const times = Array.from({ length: 7 }, () => {
    const begin = performance.now();
    execFileSync(NODE, args);
    return performance.now() - begin;
  });
  return times.sort((a, b) => a - b)[3] ?? Number.NaN;
}
