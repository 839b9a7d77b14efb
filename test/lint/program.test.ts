import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import type { LintReport } from "../../src/lint/lint.ts";
import { createWorld, type World } from "../support/world.ts";
import { GOOD_RECIPES } from "./good-recipes.ts";

const NO_RESTORE =
  'version: "3.8"\nservices:\n  db:\n    image: busybox:1\n    labels:\n      backupbot.backup.pre-hook: /dump.sh\n';
const GITEA = GOOD_RECIPES.gitea ?? {};

/** A world of recipes for the swarm: nothing of them is ever deployed. */
function swarmWorld(...names: string[]): World {
  const world = createWorld({ driver: "swarm" });
  for (const name of names) {
    const { upstream } = world.recipe(name);
    upstream.commit(GITEA);
    upstream.tag("1.0.0+1.24.2");
  }
  return world;
}

const lint = (world: World, ...words: string[]) =>
  world.json<LintReport & { schema: number }>("lint", ...words);

describe("`lint`", { timeout: 120_000 }, () => {
  it("no-restore-hook: the file and line of the missing hook, exit 3; nothing for a good recipe, exit 0", async () => {
    const world = swarmWorld("good");
    const clean = await lint(world);
    expect([clean.exit, clean.document]).toMatchObject([
      0,
      { schema: 1, rows: [{ version: "1.0.0+1.24.2", findings: [] }] },
    ]);

    const bad = world.recipe("bad").upstream;
    bad.commit({ "compose.yml": NO_RESTORE });
    const { commit } = bad.tag("1.0.0+1");
    const { exit, document } = await lint(world);
    expect(exit).toBe(3);
    const at = { base: "recipe", file: "compose.yml", line: 6, column: 7 };
    expect(document.rows).toMatchObject([
      {
        recipe: "bad",
        version: "1.0.0+1",
        commit,
        findings: [{ rule: "restore-hook-missing", level: "error", at }],
      },
      { recipe: "good", findings: [] },
    ]);
    expect((await world.call("lint", "good")).exit).toBe(0);

    const text = await world.call("lint", "bad", "--no-sync");
    expect([text.exit, text.stdout]).toEqual([
      3,
      expect.stringContaining("  error: compose.yml:6:7: restore-hook-missing\n"),
    ]);
    expect(text.stdout).toMatch(/^1 recipe looked at: 1 error, 0 warnings, 0 notes\n/);

    bad.commit({
      "compose.yml": NO_RESTORE.replace(
        "/dump.sh",
        "/dump.sh # canonical-sweep: ignore restore-hook-missing by hand",
      ),
    });
    bad.tag("1.1.0+1");
    const ignored = await lint(world, "bad");
    expect([ignored.exit, ignored.document.rows[0]]).toMatchObject([
      0,
      { findings: [], ignored: [{ reason: "by hand" }] },
    ]);
  });

  it("sees what only the history shows: a config's version, stale tests, lightweight tags", async () => {
    const world = swarmWorld("gitea");
    const stale = '#!/bin/sh\ntest "$image" = docker.gitea.com/gitea:1.25\n';
    world.recipe("empty");
    const { upstream: released } = world.recipe("gitea-too", {
      files: { "tests/upgrade/image": stale, "tests/custom/marked": stale },
      settings: { tests: { "custom/marked": { only: "ref", reason: "next" } } },
    });
    released.commit(GITEA);
    released.tag("1.0.0+1.24.2", { lightweight: true });
    released.commit({ "app.ini.tmpl": "changed\n" });
    released.tag("1.1.0+1.24.2");
    const { exit, document } = await lint(world);
    expect(exit).toBe(3);
    const [empty, good, bad] = document.rows;
    expect(empty?.problem).toContain("neither a release nor a commit");
    expect(good?.findings).toEqual([]);
    expect(bad?.findings.map(({ rule, at }) => [rule, at?.file, at?.line])).toEqual([
      ["config-version-unchanged", "abra.sh", 1],
      ["lightweight-tag", undefined, undefined],
      ["test-asserts-no-release", "tests/upgrade/image", 2],
    ]);
  });

  it("names the releases that it could not look at, and never calls them good", async () => {
    const world = swarmWorld("gitea");
    const offline = await lint(world, "--no-sync");
    expect([offline.exit, offline.document.rows[0]?.problem]).toEqual([
      3,
      expect.stringContaining("never asked"),
    ]);
    await lint(world);
    expect((await lint(world, "--no-sync")).exit).toBe(0);
    world.configure({ upstream: "/nowhere/{recipe}" });
    const gone = await lint(world);
    expect([gone.exit, gone.document.rows[0]?.problem]).toEqual([3, expect.any(String)]);
  });

  it("changes only the mirror cache of the state, and no sweep waits for it", async () => {
    const world = swarmWorld("gitea");
    await lint(world);
    const files = Object.keys(world.files()).filter((path) => !path.includes("/state/mirrors/"));
    expect(files.filter((path) => !path.endsWith("/tools.json"))).toEqual([]);
    expect(world.runs()).toEqual([]);
  });

  it("reads the mirror once a sweep has it, and then keeps no copy of its own", async () => {
    const world = createWorld();
    const { upstream } = world.recipe("gitea");
    upstream.commit(GITEA);
    upstream.tag("1.0.0+1.24.2");
    const own = join(world.state, "mirrors/gitea.lint.git");
    await lint(world);
    expect(existsSync(own)).toBe(true);
    expect((await world.call("sweep", "--only-sync")).exit).toBe(0);
    expect(await lint(world)).toMatchObject({
      exit: 0,
      document: { rows: [{ problem: null, findings: [] }] },
    });
    expect(existsSync(own)).toBe(false);
    expect((await lint(world, "--no-sync")).exit).toBe(0);
  });

  it("writes SARIF into a file, valid by the published schema", async () => {
    const world = swarmWorld("gitea");
    const file = join(world.root, "lint.sarif");
    const end = await world.call("lint", "--format", "sarif", "--output", file);
    expect([end.exit, end.stdout]).toEqual([0, `written: ${file}\n`]);
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, "sarif-schema-2.1.0.json"), "utf8"));
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    validate(JSON.parse(readFileSync(file, "utf8")));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each<[string, string[]]>([
    ["an unknown recipe", ["lint", "giteaa"]],
    ["an unknown format", ["lint", "--format", "xml"]],
    ["two formats", ["lint", "--json", "--format", "sarif"]],
  ])("%s is a usage fault", async (_says, words) => {
    expect((await swarmWorld("gitea").call(...words)).exit).toBe(2);
  });
});
