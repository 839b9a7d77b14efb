import { describe, expect, it } from "vitest";
import { script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

interface Brief {
  label: string;
  failure: string;
  services: { service: string; state: string; lastLogLines: string[] }[];
  commands: { step: string; command: string; exitCode: number | null }[];
  reproduce: string;
}

describe("briefs", () => {
  it("failure-brief: every label that is neither PASS nor SKIP has one, with what broke, the app's last words and a way to see it again", async () => {
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

  it("a tag whose name is a piece of shell runs nothing, and is quoted where it is to be copied", async () => {
    const world = createWorld();
    const hostile = "1.0.0+$(id);id'x";
    const notes = world.recipe("notes", { files: { "tests/custom/red": script("exit 1") } });
    notes.upstream.commit({ version: hostile });
    notes.upstream.tag(hostile);
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("FAIL (red at custom; canonical unchanged: none)");
    const brief = JSON.parse(world.read("runs", document.run, "notes/brief.json") ?? "null") as Brief;
    expect(brief.reproduce).toBe(`canonical-sweep run notes --tag '1.0.0+$(id);id'\\''x'`);
    notes.change({ files: { "tests/custom/red": null } });
    expect(labelsOf((await world.json("sweep")).document)).toEqual({ notes: `PASS (promoted ${hostile})` });
  });
});
