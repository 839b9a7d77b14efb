import { describe, expect, it } from "vitest";
import { script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("the tested and the recorded release", () => {
  it("untagged-commits: main moved without a new tag, and the second sweep is quiet", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    const first = await world.json("sweep");
    expect(first.exit, first.stderr).toBe(0);
    const record = notes.recordText();
    notes.upstream.commit({ version: "a commit without a tag" });
    const { document, exit } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "SKIP no-new-version" });
    expect(document.recipes[0]).toMatchObject({ tiers: [], needsHuman: false, promotion: null });
    expect(exit).toBe(0);
    expect(notes.recordText()).toBe(record);
  });

  it("untagged-green: a green commit without a tag is never promoted", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    const record = notes.recordText();
    const commit = notes.upstream.commit({ version: "next" });
    notes.change({ files: { "tests/install/says-its-version": script("exit 0") } });
    const { document, exit } = await world.json("run", "notes", "--ref", "main");
    const version = commit.slice(0, 12);
    expect(labelsOf(document)).toEqual({ notes: `PASS-NOT-PROMOTED (${version}; not a release)` });
    expect(document.recipes[0]?.target).toEqual({ version, commit, tagObject: null });
    expect(exit).toBe(0);
    expect(notes.recordText()).toBe(record);
  });

  it("tested-is-promoted: a newer tag that appears during the run is not recorded", async () => {
    const world = createWorld();
    const git = `git -C ${world.upstreams}/notes -c user.name=U -c user.email=u@example.org`;
    const notes = world.recipe("notes", {
      files: {
        "tests/install/publishes": script(
          `commit=$(${git} commit-tree -p main -m newer 'main^{tree}')`,
          `${git} update-ref refs/heads/main "$commit"`,
          `${git} tag -f -a -m newer 2.0.0+1 "$commit"`,
        ),
      },
    });
    const tag = notes.publish("1.0.0+1");
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    expect(notes.upstream.refs().has("refs/tags/2.0.0+1")).toBe(true);
    expect(notes.record()).toMatchObject({ version: "1.0.0+1", commit: tag.commit, tagObject: tag.object });
    expect(document.recipes[0]?.canonicalAfter).toEqual({ version: "1.0.0+1", commit: tag.commit });
  });

  it("merge-commit-recorded: the record has the commit of the tag, peeled, and the tag object too", async () => {
    const world = createWorld();
    const notes = world.recipe("notes");
    const { upstream } = notes;
    const root = upstream.commit({ version: "none" });
    const release = upstream.commit({ version: "1.0.0+1" }, { branch: "release", from: root });
    const tag = upstream.tag("1.0.0+1", { at: release });
    const merge = mergeInto(upstream, release);
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    expect(notes.record()).toMatchObject({ commit: release, tagObject: tag.object });
    expect(new Set([merge, release, tag.object]).size).toBe(3);
  });

  it("older-tag: a newest tag that upstream deleted is named in the row, and never causes a step back", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1", "1.1.0+1"] });
    await world.json("sweep");
    const record = notes.recordText();
    notes.upstream.deleteTag("1.1.0+1");
    const { document, exit } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("SKIP no-new-version");
    expect(row.detail).toMatch(/upstream went back.*1\.0\.0\+1.*1\.1\.0\+1/);
    expect(row.needsHuman).toBe(true);
    expect(exit).toBe(0);
    expect(notes.recordText()).toBe(record);
  });

  it("base-broken: a base that does not deploy is a reason of its own, until `broken` names it", async () => {
    const world = createWorld();
    const notes = world.recipe("notes");
    notes.publish("0.9.0+1");
    notes.publish("1.0.0+1", 'echo "error: image notes:1 not found"; exit 1');
    notes.publish("1.1.0+1");
    const first = await world.json("sweep");
    const row = rowOf(first.document, "notes");
    expect(row.label).toMatch(
      /^PASS-NOT-PROMOTED \(1\.1\.0\+1; upgrade skipped: base 1\.0\.0\+1 does not deploy: .*image notes:1 not found/,
    );
    expect(row.tiers.find((end) => end.tier === "upgrade")?.status).toBe("skipped");
    expect(row.detail).toContain("passed 3 of 4 planned");
    expect(first.document.honesty).toMatchObject({
      passed: 1,
      promoted: 0,
      tiersPlanned: 4,
      tiersExecuted: 3,
    });
    expect(first.exit).toBe(3);
    expect(notes.record()).toBeNull();
    notes.change({ settings: { broken: { "1.0.0+1": "its image is gone" } } });
    const second = await world.json("sweep");
    expect(labelsOf(second.document)).toEqual({ notes: "PASS (promoted 1.1.0+1)" });
    expect(second.exit).toBe(0);
  });

  it("moved-tag: a moved tag is blocked with both commits, and promoted anew only on request", async () => {
    const world = createWorld();
    const notes = world.recipe("notes");
    const before = notes.publish("1.0.0+1");
    await world.json("sweep");
    const record = notes.recordText();
    notes.upstream.commit({ README: "moved" });
    const after = notes.upstream.tag("1.0.0+1");
    const blocked = await world.json("sweep");
    expect(labelsOf(blocked.document)).toEqual({ notes: "BLOCKED (tag-moved)" });
    expect(blocked.document.recipes[0]?.detail).toContain(before.commit);
    expect(blocked.document.recipes[0]?.detail).toContain(after.commit);
    expect(blocked.exit).toBe(3);
    const plan = await world.json<{ rows: object[] }>("plan");
    expect(plan.document.rows).toMatchObject([
      { action: "BLOCKED", reason: "tag-moved", command: "canonical-sweep run notes --accept-moved-tag" },
    ]);
    expect(plan.exit).toBe(3);
    const byHand = await world.json("run", "notes");
    expect(labelsOf(byHand.document)).toEqual({ notes: "BLOCKED (tag-moved)" });
    expect(notes.recordText()).toBe(record);
    const accepted = await world.json("run", "notes", "--accept-moved-tag");
    expect(labelsOf(accepted.document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    expect(notes.record()).toMatchObject({ commit: after.commit, tagObject: after.object });
    expect(labelsOf((await world.json("sweep")).document)).toEqual({ notes: "SKIP no-new-version" });
  });

  it("backward-run: an older tag by hand is tested and never promoted", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1", "1.1.0+1"] });
    await world.json("sweep");
    const record = notes.recordText();
    const { document, exit } = await world.json("run", "notes", "--tag", "1.0.0+1");
    expect(labelsOf(document)).toEqual({
      notes: "PASS-NOT-PROMOTED (1.0.0+1; older-than-canonical: 1.1.0+1)",
    });
    expect(exit).toBe(0);
    expect(notes.recordText()).toBe(record);
  });
});

function mergeInto(
  upstream: ReturnType<ReturnType<typeof createWorld>["recipe"]>["upstream"],
  other: string,
) {
  const identity = ["-c", "user.name=U", "-c", "user.email=u@example.org"];
  const merge = upstream.git(
    ...identity,
    "commit-tree",
    "-p",
    "main",
    "-p",
    other,
    "-m",
    "Merge",
    `${other}^{tree}`,
  );
  upstream.git("update-ref", "refs/heads/main", merge);
  return merge;
}
