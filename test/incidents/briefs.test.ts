import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Brief } from "../../src/core/records/brief.ts";
import { NODE, startProgram } from "../support/program.ts";
import { script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("the brief of a row", () => {
  it("failure-brief: exists for every label but PASS and SKIP, with the failure, the app's last words and a way to see it again", async () => {
    const world = createWorld({ breaker: { consecutiveMachinery: 1 } });
    const speaks = '[ "$SWEEP_INSTANCE" = cold ] && echo "the app speaks: no index" >>"$SWEEP_DATA/app.log"';
    world.recipe("a-unasked", { settings: { upstream: `${world.root}/nowhere` } });
    world
      .recipe("b-red", { files: { "tests/custom/red": script('echo "error: no search"; exit 1') } })
      .publish("1.0.0+1", speaks);
    world
      .recipe("c-cold-only")
      .publish(
        "1.0.0+1",
        `${speaks.replace("cold", "warm")}; [ "$SWEEP_INSTANCE" = cold ] || { echo "error: no warm app"; exit 1; }`,
      );
    world.recipe("d-blocked", {
      settings: { requires: [{ recipe: "b-red", mode: "ephemeral" }] },
      releases: ["1.0.0+1"],
    });
    world.recipe("e-toolless", {
      files: { "tests/custom/probe": script("sample-probe") },
      releases: ["1.0.0+1"],
    });
    world.recipe("f-unreached", { releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep");
    expect(exit).toBe(5);
    expect(Object.values(labelsOf(document)).map((label) => label.split(" ")[0])).toEqual([
      "BLOCKED",
      "FAIL",
      "GREEN-BUT-PROMOTE-FAILED",
      "BLOCKED",
      "BLOCKED",
      "NOT-RUN",
    ]);
    const briefs = Object.fromEntries(
      document.recipes.map((row) => {
        expect(row.brief, row.recipe).toBe(`${row.recipe}/brief.md`);
        expect(world.read("runs", document.run, row.brief ?? "")).toContain("# ");
        const text = world.read("runs", document.run, row.recipe, "brief.json") ?? "null";
        return [row.recipe, JSON.parse(text) as Brief];
      }),
    );
    for (const row of document.recipes) {
      expect(briefs[row.recipe]?.label).toBe(row.label);
      expect(briefs[row.recipe]?.failure).not.toBe("");
      expect(briefs[row.recipe]?.reproduce).toMatch(new RegExp(`^canonical-sweep .*run ${row.recipe}\\b`));
    }
    expect(briefs["b-red"]?.failure).toContain("error: no search");
    for (const name of ["b-red", "c-cold-only"])
      expect(briefs[name]?.services[0]?.lastLogLines, name).toContain("the app speaks: no index");
    expect(briefs["c-cold-only"]?.failure).toContain("error: no warm app");
    expect(briefs["b-red"]?.commands.find((entry) => entry.command.includes("custom/red"))?.exitCode).toBe(1);
  });

  it("failure-brief: of a red that was green before has all that a person wrote by hand", async () => {
    const world = createWorld({ environment: { NODE, API_TOKEN: "canary-token-4711" } });
    const speaks = 'echo "the app speaks: no index, token=canary-log-4711" >>"$SWEEP_DATA/app.log"';
    const notes = world.recipe("notes");
    notes.publish("1.0.0+1", speaks);
    expect(labelsOf((await world.json("sweep")).document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    const { commit } = notes.publish("1.1.0+2", speaks);
    const lines = [
      "echo looking for $API_TOKEN",
      "found=502",
      'echo "error: expected 200, found $found"',
      "exit 1",
    ];
    notes.change({
      files: {
        "tests/custom/asks": script(...lines),
        "tests/backup/warns": script("echo tput: command not found >&2"),
      },
    });
    const first = await world.json("sweep");
    const second = await world.json("sweep");
    const folder = join(world.state, "runs", second.document.run, "notes");
    const text = world.read("runs", second.document.run, "notes/brief.json") ?? "null";
    const brief = Brief.parse(JSON.parse(text));
    const markdown = world.read("runs", second.document.run, "notes/brief.md") ?? "";

    expect(brief.target).toMatchObject({ version: "1.1.0+2", commit });
    expect(brief.canonical?.version).toBe("1.0.0+1");
    expect(brief.scope).toMatchObject({ configuration: world.configuration, state: world.state });
    expect(brief.artefacts.map(({ path }) => path)).toContain(join(folder, "custom.log"));
    for (const { path } of brief.artefacts) expect(existsSync(path), path).toBe(true);

    const { hardFailure } = brief;
    expect(brief.failure).toBe("custom/asks: error: expected 200, found 502");
    expect(hardFailure).toMatchObject({
      command: "tests/custom/asks",
      exitCode: 1,
      step: "custom: custom/asks",
    });
    expect(Date.parse(hardFailure.at ?? "")).toBeGreaterThan(Date.parse(second.document.startedAt));
    expect(hardFailure.output.join("\n")).toContain("error: expected 200, found 502");
    expect(hardFailure.source).toMatchObject({ file: "tests/custom/asks", line: 5 });
    expect(markdown).toContain('> 5  echo "error: expected 200, found $found"');

    expect(brief.commands.map(({ command }) => command)).toContain("deploy: ./deploy");
    expect(markdown).toMatch(/custom: `tests\/custom\/asks` \(\*\*exit 1: here it broke\*\*, [\d.]+s\)/);
    expect(brief.warnings.join()).toContain("tput");
    expect(brief.services).toMatchObject([{ service: "app", state: "running" }]);
    expect(brief.services[0]?.lastLogLines.join()).toContain("the app speaks: no index");

    const differs = brief.differs?.join("\n");
    expect(differs).toContain("version: 1.0.0+1 → 1.1.0+2");
    expect(differs).toContain(commit);
    expect(differs).toContain("files of the release: version");
    expect(differs).toContain("test custom/asks: was not green then, or is new");
    expect(differs).toContain("tools: the same");

    expect(brief.since).toMatchObject({ run: first.document.run, runs: 2, sameError: true });
    expect(brief.since.lastGreen?.label).toBe("PASS (promoted 1.0.0+1)");
    expect(brief.ruledOut.map(({ what }) => what)).toContain("a full disk");
    expect(brief.notKnown[0]?.settledBy).toContain("investigate notes");
    for (const secret of ["canary-token-4711", "canary-log-4711"])
      expect(text + markdown).not.toContain(secret);

    const asJson = await world.json<{ briefDocument: Brief }>("show", "latest", "notes");
    expect(asJson.document.briefDocument).toEqual(brief);
    const shown = await world.call("show", "latest", "notes");
    expect(shown.stdout).toContain("> 5  echo");
    const words = brief.reproduce.split(" ").slice(1);
    const again = await startProgram(words, { cwd: "/tmp" }).end;
    expect(again.exit, again.stderr).toBe(3);
    expect(rowOf(world.report(), "notes").label).toBe(rowOf(second.document, "notes").label);
  });

  it("failure-brief: of a failed promotion names the differences between cold and warm; of an untested recipe, the way out", async () => {
    const world = createWorld();
    const warm = world.recipe("a-warm", { releases: ["1.0.0+1"] });
    world.recipe("b-blocked", { settings: { upstream: `${world.root}/nowhere` } });
    world.recipe("c-unpromoted", { releases: ["1.0.0+1"], commands: { version: null } });
    await world.json("sweep");
    warm.publish(
      "1.1.0+1",
      '[ "$SWEEP_INSTANCE" = cold ] || { echo "$SWEEP_CHECKOUT/quirk.sh: line 1: /etc/jwt.ini: Read-only file system"; exit 1; }',
    );
    const { document } = await world.json("sweep");
    const briefOf = (name: string) =>
      Brief.parse(JSON.parse(world.read("runs", document.run, name, "brief.json") ?? "null"));
    const promoted = briefOf("a-warm");
    expect(promoted.label).toMatch(/^GREEN-BUT-PROMOTE-FAILED/);
    expect(promoted.coldAndWarm.join("\n")).toMatch(
      /data: made anew → that of the canonical 1\.0\.0\+1, retained/,
    );
    expect(promoted.hardFailure).toMatchObject({
      step: "promote: deploy",
      source: { file: "quirk.sh", line: 1 },
    });
    expect(promoted.ruledOut.map(({ what }) => what)).toContain("the release alone");
    const blocked = briefOf("b-blocked");
    expect(blocked.endedBy).toContain("plan b-blocked");
    expect(blocked.notKnown[0]?.what).toContain("nothing of it was tested");
    expect(briefOf("c-unpromoted").label).toMatch(/^PASS-NOT-PROMOTED/);
  });

  it("quotes a tag whose name is a piece of shell in each command to copy, and the tag runs nothing", async () => {
    const world = createWorld();
    const hostile = "1.0.0+$(id);id'x";
    const notes = world.recipe("notes", { files: { "tests/custom/red": script("exit 1") } });
    notes.upstream.commit({ version: hostile });
    notes.upstream.tag(hostile);
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("FAIL (red at custom; canonical unchanged: none)");
    const brief = JSON.parse(world.read("runs", document.run, "notes/brief.json") ?? "null") as Brief;
    expect(brief.reproduce).toBe(
      `canonical-sweep --config ${world.configuration} --state ${world.state} run notes --tag '1.0.0+$(id);id'\\''x'`,
    );
    notes.change({ files: { "tests/custom/red": null } });
    expect(labelsOf((await world.json("sweep")).document)).toEqual({ notes: `PASS (promoted ${hostile})` });
  });
});
