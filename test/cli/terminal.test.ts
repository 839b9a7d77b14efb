import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { NODE, PROGRAM } from "../support/program.ts";
import { sampleSweep } from "../support/sample-sweep.ts";

// A missing part skips here; where everything must be there (CI=true) it fails instead.
const missing = spawnSync("script", ["--version"]).status !== 0 && process.env.CI !== "true";

/** What a person sees on a terminal of 80 columns. */
function onTerminal(config: string, words: string, env: Record<string, string> = {}): string {
  const call = `stty cols 80 rows 24; exec "${NODE}" "${PROGRAM}" --config "${config}" ${words}`;
  const { stdout, error } = spawnSync("script", ["--quiet", "--return", "--command", call, "/dev/null"], {
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", TERM: "xterm", SHELL: "/bin/sh", ...env },
  });
  if (error !== undefined) throw error;
  return stdout;
}

describe.skipIf(missing)(`on a terminal${missing ? " (skipped: no script(1) here)" : ""}`, () => {
  test("sweep shows a live line for a recipe under way, and its label when it has ended", () => {
    const { config } = sampleSweep({ gitea: { deploy: "sleep 1" }, hedgedoc: { tags: [] } });
    const seen = onTerminal(config, "sweep");
    expect(seen).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] gitea {2}install \d+s {2}in all \d+s/);
    expect(seen).toContain("PASS (promoted 1.0.0+2.0; data not proven)");
    expect(seen).toContain("\u001b[32m");
    expect(seen).not.toContain('{"level"');
  });

  test("sweep says how long a recipe took the last time", () => {
    const { config } = sampleSweep({ gitea: { deploy: "sleep 1; false" } });
    onTerminal(config, "sweep");
    expect(onTerminal(config, "sweep")).toMatch(/gitea {2}install \d+s {2}in all \d+s \(last \d/);
  });

  test("NO_COLOR takes every colour away; an empty NO_COLOR takes none", () => {
    const { config } = sampleSweep({ gitea: { tags: [] } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape of a colour is what is looked for.
    const colour = /\u001b\[\d+m/;
    expect(onTerminal(config, "plan", { NO_COLOR: "1" })).not.toMatch(colour);
    expect(onTerminal(config, "plan", { NO_COLOR: "" })).toMatch(colour);
    expect(onTerminal(config, "plan", { TERM: "dumb" })).not.toMatch(colour);
  });

  test("--quiet shows only the result", () => {
    const { config } = sampleSweep({ gitea: { tags: [] } });
    expect(onTerminal(config, "sweep --quiet")).toMatch(/^enrolled 1 = /);
  });
});
