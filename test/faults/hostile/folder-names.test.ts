import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Brief } from "../../../src/core/records/brief.ts";
import { NODE, PROGRAM, runProgram } from "../../support/program.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { createWorld, labelsOf, type World } from "../../support/world.ts";
import { shareOf } from "../share.ts";
import { CHEAP, useCheapRecipes } from "./cheap-recipe.ts";

const RED = { "tests/custom/red": "#!/bin/sh\necho 'Error: it is red'\nexit 1\n" };

/** Each of these leads to the configuration, to the state below it, and to the upstreams. */
const WORKS = [
  'sp ace/it\'s/say "hi"/`id`',
  "a,b;c/d&e|f/$HOME/back\\slash/100%s %41",
  "co:lon/ünïcödé 🦊/#hash/<b>&amp;/-dash",
  "~/(x)[y]*?/$(id)/e\u0301/[link](x)/trailing ",
];
const REFUSED: readonly [string, string][] = [
  ["line\nfeed", "U+000A"],
  ["carriage\rreturn", "U+000D"],
  ["tab\tulator", "U+0009"],
  ["esc\u001b[31m", "U+001B"],
  ["delete\u007f", "U+007F"],
  ["next\u0085line", "U+0085"],
  ["line\u2028separator", "U+2028"],
  ["paragraph\u2029separator", "U+2029"],
  ["no text \ufffd", "U+FFFD"],
];

describe("names of folders", () => {
  it.each(shareOf(WORKS))("may contain %j: every command works below such a folder", async (below) => {
    const world = createWorld({}, undefined, below);
    useCheapRecipes(world);
    world.recipe("green", { ...CHEAP, releases: ["1.0.0+1"] });
    world.recipe("red", { ...CHEAP, files: { ...CHEAP.files, ...RED }, releases: ["1.0.0+1"] });
    const first = await world.json("sweep");
    expect(labelsOf(first.document)).toEqual({
      green: "PASS (promoted 1.0.0+1; data not proven)",
      red: "FAIL (red at custom; canonical unchanged: none)",
    });
    for (const words of [
      ["plan"],
      ["explain", "green"],
      ["status"],
      ["history"],
      ["audit"],
      ["lint"],
      ["clean"],
      ["show", String(world.runs()[0])],
    ]) {
      const { exit, stderr } = await world.call(...words);
      expect([0, 3], `${words[0]}: ${stderr}`).toContain(exit);
      expect(stderr, words[0]).not.toMatch(/a bug|Error:/);
    }
    expect((await world.call("audit")).exit).toBe(0);
    expectPasted(world);
    await expectBundle(world);
  });

  it.each(REFUSED)(
    "may not contain %j: the refusal names the character, and nothing is made",
    async (name, character) => {
      const root = temporaryFolder("refused");
      const good = join(root, "good");
      mkdirSync(good);
      writeFileSync(
        join(good, "sweep.yaml"),
        "domain: ci.test\nstate: ../state\ndriver: command\nupstream: /x/{recipe}\n",
      );
      const bad = join(root, name);
      const before = readdirSync(root);
      const calls = [
        ["--config", bad, "plan"],
        ["--config", good, "--state", bad, "sweep"],
        ["--config", bad, "init"],
        ["--config", bad, "--state", bad, "status"],
      ];
      for (const words of calls) {
        const { exitCode, stderr } = await runProgram(words);
        expect(exitCode, stderr).toBe(2);
        expect(stderr).toContain(character);
      }
      const atHome = await runProgram(["--config", good, "sweep"], { env: { HOME: bad } });
      expect(atHome).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`HOME is`) });
      writeFileSync(
        join(good, "sweep.yaml"),
        JSON.stringify({ domain: "ci.test", state: bad, driver: "command" }),
      );
      const written = await runProgram(["--config", good, "sweep"]);
      expect(written.exitCode).toBe(2);
      expect(written.stderr).toContain("state");
      expect(readdirSync(root)).toEqual(before);
    },
  );

  it("may not be a relative HOME, or a folder of `path:` with a colon", async () => {
    const world = createWorld();
    const { exitCode, stderr } = await runProgram(["--config", world.configuration, "sweep"], {
      env: { HOME: "here" },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("HOME is");
    world.configure({ path: ["/opt/a:b"] });
    const { exit, stderr: said } = await world.call("plan");
    expect(exit).toBe(2);
    expect(said).toContain("/opt/a:b");
    expect(existsSync(world.state)).toBe(false);
  });
});

/** The command of the brief, as a person pastes it: a shell gives the program the same words. */
function expectPasted(world: World): void {
  const [run = ""] = world.runs();
  const brief = JSON.parse(world.read("runs", run, "red", "brief.json") ?? "") as Brief;
  const call = `canonical-sweep() { '${NODE}' '${PROGRAM}' "$@"; }\n${brief.reproduce} --no-promote`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", call], {
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin" },
    cwd: "/",
  });
  expect(status, stderr).toBe(3);
  expect(stdout).toContain("FAIL (red at custom");
}

async function expectBundle(world: World): Promise<void> {
  const file = join(world.root, "evidence.tar.gz");
  const { exit, stderr } = await world.call("show", String(world.runs()[0]), "--bundle", file);
  expect(exit, stderr).toBe(0);
  expect(execFileSync("tar", ["-tzf", file, "--force-local"], { encoding: "utf8" })).toContain(
    "red/brief.md",
  );
}
