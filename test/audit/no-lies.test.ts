import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AuditReport } from "../../src/audit/audit.ts";
import { renderAudit } from "../../src/render/audit.ts";
import { createPaint } from "../../src/render/paint.ts";
import { script } from "../support/sample-app.ts";
import { isWaiting, letGo, waits } from "../support/waiting.ts";
import { createWorld, labelsOf, until, type World } from "../support/world.ts";

const ONLY_WARM = '[ "$SWEEP_INSTANCE" = cold ] || ';

async function audit(world: World) {
  const { document, exit } = await world.json<AuditReport>("audit");
  const found = document.findings.map(({ rule, kind, recipe }) => `${kind}: ${rule} ${recipe ?? ""}`.trim());
  return { document, exit, found };
}

describe("an audit has no finding for an unusual truth", () => {
  it("a failed promotion, a refusal, a revocation, an adoption, a live canonical, a run by hand", async () => {
    const world = createWorld();
    const failing = world.recipe("failing", { releases: ["1.0.0+1"] });
    const revoked = world.recipe("revoked", { releases: ["1.0.0+1"] });
    world.recipe("live", { releases: ["1.0.0+1"], settings: { canonical: true, warm: "live" } });
    world.recipe("adopted", { releases: ["1.0.0+1"] });
    mkdirSync(join(world.state, "data/adopted"), { recursive: true });
    writeFileSync(join(world.state, "data/adopted/notes.txt"), "precious\n");
    expect((await world.call("adopt", "adopted", "--version", "1.0.0+1")).exit).toBe(0);
    await world.call("sweep");
    failing.publish("1.1.0+1");
    failing.change({
      files: { "before-deploy.sh": `${ONLY_WARM}{ echo "error: not on this data"; exit 1; }` },
    });
    await world.call("run", "revoked", "--ref", "main");
    const byHand = await world.json("run", "revoked", "--no-promote");
    expect(byHand.document.recipes[0]?.label).toMatch(/^PASS-NOT-PROMOTED/);
    await world.call("revoke", "revoked", "--reason", "it overlapped another run");
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({
      adopted: "SKIP no-new-version",
      failing: "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)",
      live: "SKIP no-new-version",
      revoked: "PASS (promoted 1.0.0+1)",
    });
    expect(revoked.record()?.status).toBe("idle");
    expect((await audit(world)).found).toEqual([]);
    await world.call("revoke", "revoked", "--reason", "again");
    const end = await audit(world);
    expect([end.found, end.exit]).toEqual([[], 0]);
  });

  it("a sweep that was killed, and the one that went on with it: its report has what the killed one proved", async () => {
    const world = createWorld();
    world.recipe("a-green", { releases: ["1.0.0+1"] });
    world.recipe("b-slow", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const sweep = world.start("sweep");
    await until(() => isWaiting(world));
    sweep.child.kill("SIGKILL");
    await sweep.end;
    const dead = await audit(world);
    expect(dead.found).toContain("does-not-hold: run-exists a-green");
    expect(dead.found).toContain("does-not-hold: no-residue");
    letGo(world);
    const { document } = await world.json("sweep");
    expect(document.recipes.map((row) => row.testedIn)).toEqual([document.continues, undefined]);
    expect((await audit(world)).found).toEqual([]);
  });

  it("a run at work: what it makes is no residue, what it promotes is left out, and the answer says so", async () => {
    const world = createWorld();
    world.recipe("done", { releases: ["1.0.0+1"] });
    await world.call("sweep");
    const wait = `touch ${world.root}/waiting; until [ -e ${world.root}/go ]; do sleep 0.05; done`;
    world.recipe("moving", {
      releases: ["1.0.0+1"],
      files: { "before-deploy.sh": `${ONLY_WARM}{ ${wait}; }` },
    });
    const sweep = world.start("sweep");
    await until(() => isWaiting(world));
    const beside = await audit(world);
    expect([beside.found, beside.exit]).toEqual([[], 0]);
    expect(beside.document.notes).toEqual([
      expect.stringMatching(/^run \d{8}T\S+ is at work: .* was not looked for$/),
      expect.stringContaining("the canonical of moving was not looked at"),
    ]);
    letGo(world);
    expect((await sweep.end).exit).toBe(0);
    expect((await audit(world)).document).toMatchObject({ findings: [], notes: [] });
  });
});

describe("an audit never counts as holding what it cannot see", () => {
  it("upstream away, a mirror that is gone, an exception that cannot be read: not checked, exit 3", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    world.recipe("wiki", { releases: ["1.0.0+1"] });
    await world.call("sweep");
    rmSync(notes.upstream.folder, { recursive: true });
    rmSync(join(world.state, "mirrors/wiki.git"), { recursive: true });
    mkdirSync(join(world.state, "exceptions"));
    writeFileSync(join(world.state, "exceptions/wiki.json"), "{");
    const { exit, found } = await audit(world);
    expect(found).toEqual([
      "not-checked: tag-upstream notes",
      "not-checked: tag-mirror wiki",
      "not-checked: commit-kept wiki",
      "not-checked: exceptions-in-force wiki",
    ]);
    expect(exit).toBe(3);
  });

  it("a recipe that has left the configuration: its upstream is not known", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.call("sweep");
    rmSync(notes.folder, { recursive: true });
    expect((await audit(world)).found).toEqual(["not-checked: tag-upstream notes"]);
  });
});

describe("the text of an audit", () => {
  it("groups the findings by recipe, keeps to 80 columns but for commands, and says when all holds", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    world.recipe("red", { releases: ["1.0.0+1"], files: { "tests/custom/red": script("exit 1") } });
    await world.call("sweep");
    const clean = await world.call("audit");
    expect(clean.stdout).toBe("1 canonical and 1 run looked at: every claim holds\n");
    notes.upstream.deleteTag("1.0.0+1");
    appendFileSync(join(world.state, "data/notes/notes.txt"), "more\n");
    const { exit, stdout } = await world.call("audit");
    expect(exit).toBe(3);
    expect(stdout).toContain("1 canonical and 1 run looked at: 2 claims do not hold\n");
    expect(stdout).toContain(
      "\nnotes 1.0.0+1\n  does not hold: tag-upstream\n    claim: upstream has the tag",
    );
    const { document } = await audit(world);
    const narrow = renderAudit(document, { width: 80, paint: createPaint(false) }).split("\n");
    expect(narrow.filter((line) => line.length > 80 && !line.startsWith("    look:  "))).toEqual([]);
  });
});
