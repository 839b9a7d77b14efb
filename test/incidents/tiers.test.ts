import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("the tiers of a test", () => {
  it("spurious-health: a domain that answers before the deploy is refused, and nothing is deployed", async () => {
    const other = createServer((_, response) => void response.end("somebody else")).listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const world = createWorld({ edge: { address: "127.0.0.1", port, scheme: "http" } });
    world.recipe("notes", {
      commands: { url: null, deploy: `touch ${world.root}/deployed; ./deploy` },
      releases: ["1.0.0+1"],
    });
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toMatch(/^BLOCKED \(domain-answers: .*\.ci\.test answers before/);
    expect(exit).toBe(3);
    expect(existsSync(join(world.root, "deployed"))).toBe(false);
  });

  it("a backup that exits 0 with nothing in it is red, and the restore is not reached", async () => {
    const world = createWorld();
    world.recipe("notes", { commands: { backup: "true" }, releases: ["1.0.0+1"] });
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "FAIL (red at backup; canonical unchanged: none)" });
    expect(rowOf(document, "notes").tiers).toMatchObject([
      { tier: "install", status: "passed" },
      { tier: "backup", status: "failed", reason: expect.stringContaining("nothing in it") },
      { tier: "restore", status: "not-reached", because: "backup" },
    ]);
  });

  it("a restore that exits 0 without the data is red by the sentinel", async () => {
    const world = createWorld();
    world.recipe("notes", { commands: { restore: "true" }, releases: ["1.0.0+1"] });
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("FAIL (red at restore; canonical unchanged: none)");
    expect(row.detail).toContain("the sentinel is gone");
    expect(row.detail).toContain("passed 2 of 3 planned");
  });

  it("an upgrade that loses the data is red at upgrade", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    notes.publish("1.1.0+1", '[ -z "$SWEEP_BASE_VERSION" ] || rm "$SWEEP_DATA/notes.txt"');
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "FAIL (red at upgrade; canonical unchanged: none)" });
  });

  it("a tier of nothing but skipped tests is skipped, never passed, and holds the promotion back", async () => {
    const world = createWorld();
    const skips = script('echo "no browser here"; exit 77');
    const notes = world.recipe("notes", { files: { "tests/custom/browser": skips }, releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS-NOT-PROMOTED (1.0.0+1; custom skipped: custom/browser: no browser here)");
    expect(row.detail).toContain("passed 3 of 4 planned");
    expect(document.honesty).toMatchObject({ passed: 1, promoted: 0, tiersPlanned: 4, tiersExecuted: 3 });
    expect(exit).toBe(3);
    expect(notes.record()).toBeNull();
  });

  it("a green release without a `version` command is not promoted", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { commands: { version: null }, releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toMatch(/^PASS-NOT-PROMOTED \(1\.0\.0\+1; no-read-back/);
    expect(exit).toBe(3);
    expect(notes.record()).toBeNull();
  });

  it("a test gets exactly the documented environment", async () => {
    const world = createWorld({ environment: { NODE: process.execPath, SAMPLE_BROWSERS: "/opt/browsers" } });
    const notes = world.recipe("notes", {
      settings: { env: { APP_ONLY: "x" } },
      files: {
        "tests/upgrade/env": script(
          `env -0 >${world.root}/environment`,
          'find "$SWEEP_SCRATCH" -mindepth 1 >&2; [ -z "$(ls -A "$SWEEP_SCRATCH")" ]; touch "$SWEEP_SCRATCH/mine"',
        ),
        "tests/upgrade/env-again": script('[ -z "$(ls -A "$SWEEP_SCRATCH")" ]'),
      },
      releases: ["1.0.0+1"],
    });
    const { commit } = notes.publish("1.1.0+1");
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "PASS (promoted 1.1.0+1)" });
    const environment = Object.fromEntries(
      readFileSync(join(world.root, "environment"), "utf8")
        .split("\0")
        .filter((entry) => entry !== "")
        .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
    );
    const { PWD, SHLVL, _, SWEEP_STEP, SWEEP_JUNIT, ...documented } = environment;
    expect(SWEEP_JUNIT).toMatch(/^\//);
    expect(documented).toEqual({
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: environment.SWEEP_SCRATCH,
      LANG: "C.UTF-8",
      NODE: process.execPath,
      SAMPLE_BROWSERS: "/opt/browsers",
      SWEEP_RECIPE: "notes",
      SWEEP_VERSION: "1.1.0+1",
      SWEEP_COMMIT: commit,
      SWEEP_BASE_VERSION: "1.0.0+1",
      SWEEP_TIER: "upgrade",
      SWEEP_DOMAIN: expect.stringMatching(/^note-[0-9a-f]{6}\.ci\.test$/),
      SWEEP_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      SWEEP_STACK: expect.stringMatching(/^note-[0-9a-f]{6}_ci_test$/),
      SWEEP_VOLUMES: expect.any(String),
      SWEEP_SCRATCH: expect.stringContaining(`${world.state}/scratch/${document.run}/`),
      SWEEP_RUN: document.run,
    });
  });
});
