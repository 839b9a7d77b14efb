import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { sampleSweep } from "../support/sample-sweep.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SHELLS = { bash: ["-n"], zsh: ["-n"], fish: ["--no-execute"] } as const;

async function scriptFor(shell: string): Promise<string> {
  const { exitCode, stdout } = await runProgram(["completion", shell]);
  expect(exitCode).toBe(0);
  return stdout;
}

describe("completion", () => {
  for (const [shell, parseOnly] of Object.entries(SHELLS)) {
    const missing = spawnSync(shell, ["-c", "true"]).status !== 0;
    test.skipIf(missing)(
      `the script for ${shell} parses${missing ? ` (skipped: no ${shell} here)` : ""}`,
      async () => {
        const file = join(temporaryFolder("completion"), `completion.${shell}`);
        writeFileSync(file, await scriptFor(shell));
        const { status, stderr } = spawnSync(shell, [...parseOnly, file], { encoding: "utf8" });
        expect([status, stderr]).toEqual([0, ""]);
      },
    );
  }

  async function completeInBash(words: string[], config: string): Promise<string[]> {
    const script = `${await scriptFor("bash")}
      set -u
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _canonical_sweep; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { PATH: process.env.PATH ?? "", CANONICAL_SWEEP_CONFIG: config };
    return execFileSync("bash", ["-c", script, "bash", "canonical-sweep", ...words], {
      encoding: "utf8",
      env,
    })
      .trim()
      .split("\n");
  }

  test("bash completes commands, options, tiers and the recipes of the configuration folder", async () => {
    const { config } = sampleSweep({ gitea: {}, hedgedoc: {} });
    expect(await completeInBash(["st"], config)).toEqual(["status", "stop"]);
    expect(await completeInBash(["run", "g"], config)).toEqual(["gitea"]);
    expect(await completeInBash(["run", "gitea", "--t"], config)).toEqual(["--tag", "--tier"]);
    expect(await completeInBash(["run", "gitea", "--tier", "b"], config)).toEqual(["backup"]);
    expect(await completeInBash(["--config", config, "clean", "--discard", "h"], "")).toEqual(["hedgedoc"]);
    const odd = join(config, 'it\'s $(touch ran) "odd" [x]*');
    mkdirSync(join(odd, "recipes/gitea"), { recursive: true });
    mkdirSync(join(odd, "recipes/$(touch ran)"));
    expect(await completeInBash(["run", ""], odd)).toEqual(expect.arrayContaining(["gitea"]));
    for (const typed of [`'${odd.replaceAll("'", "'\\''")}'`, odd.replaceAll(/[^\w/.-]/g, "\\$&")])
      expect(await completeInBash(["--config", typed, "run", "g"], "")).toEqual(["gitea"]);
    expect(readdirSync(".")).not.toContain("ran");
  });

  test("an unknown shell is a usage error that names the known ones", async () => {
    const { exitCode, stderr } = await runProgram(["completion", "tcsh"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("bash zsh fish")]);
  });
});
