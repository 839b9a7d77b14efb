import { describe, expect, it } from "vitest";
import { SAYS_ITS_VERSION, script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("what is tested and what is recorded", () => {
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

  it("tested-is-promoted: a newer tag that appears during the run is not what is recorded", async () => {
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

  it("older-tag: upstream deleted its newest tag: a row that says so, and never a step back", async () => {
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

  it("base-broken: a base that never could be deployed is its own reason, until `broken` names it", async () => {
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

  it("moved-tag: blocked with both commits, and promoted anew only when that is asked for", async () => {
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

describe("two sweeps in a row", () => {
  it("run-twice: what is at its latest release is quiet, the rest runs again and says why", async () => {
    const world = createWorld();
    world.recipe("green", { releases: ["1.0.0+1"] });
    world.recipe("red", {
      releases: ["1.0.0+1"],
      files: { "tests/custom/red": script('echo "error: no"; exit 1') },
    });
    world.recipe("unasked", { settings: { upstream: `${world.root}/nowhere` } });
    const warmless = world.recipe("warmless");
    warmless.publish("1.0.0+1", '[ "$SWEEP_INSTANCE" = cold ] || { echo "error: no warm app"; exit 1; }');
    const first = await world.json("sweep");
    const second = await world.json("sweep");
    const third = await world.json("sweep");
    const stays = {
      red: "FAIL (red at custom; canonical unchanged: none)",
      unasked: "BLOCKED (sync-failed)",
      warmless: "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
    };
    expect(labelsOf(first.document)).toEqual({ green: "PASS (promoted 1.0.0+1)", ...stays });
    expect(labelsOf(second.document)).toEqual({ green: "SKIP no-new-version", ...stays });
    expect(second.document.changes).toEqual([
      { recipe: "green", before: "PASS (promoted 1.0.0+1)", after: "SKIP no-new-version" },
    ]);
    expect(third.document.changes).toEqual([]);
    for (const row of second.document.recipes) {
      expect(row.detail).not.toBe("");
      expect(row.decision.reasons.length).toBeGreaterThan(0);
    }
    expect([first.exit, second.exit, third.exit]).toEqual([3, 3, 3]);
    expect(world.processes()).toEqual([]);
  });

  it("silent-exception: every enrolled recipe has a row with a reason; a hold and an acknowledgement show", async () => {
    const world = createWorld();
    world.recipe("held", { releases: ["1.0.0+1"] });
    world.recipe("known", { releases: ["1.0.0+1"], files: { "tests/custom/red": script("exit 1") } });
    world.recipe("unreleased").upstream.commit({ version: "none" });
    world.recipe("declined", { settings: { canonical: false, reason: "it has no tests yet" } });
    await world.call(
      "hold",
      "held",
      "--reason",
      "waits for a fix",
      "--until",
      "2999-01-31",
      "--owner",
      "ann",
    );
    await world.call("acknowledge", "known", "--reason", "a known red", "--until", "2999-01-31");
    const { document, exit } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({
      held: "SKIP held (waits for a fix, until 2999-01-31)",
      known: "FAIL (red at custom; canonical unchanged: none)",
      unreleased: "SKIP never-released",
    });
    expect(rowOf(document, "held").detail).toContain("ann");
    expect(rowOf(document, "known").acknowledged).toMatchObject({
      reason: "a known red",
      until: "2999-01-31",
    });
    expect(document.notEnrolled).toEqual([{ recipe: "declined", reason: "it has no tests yet" }]);
    expect(document.honesty).toMatchObject({ enrolled: 3, skipped: 2, failed: 1, hollow: false });
    expect(exit).toBe(3);
    await world.call("release", "held");
    expect(rowOf((await world.json("sweep")).document, "held").label).toBe("PASS (promoted 1.0.0+1)");
  });

  it("weakened-test: a test that the last green had and this one lacks or skips holds the promotion back", async () => {
    const world = createWorld();
    const custom = "tests/custom/login";
    const notes = world.recipe("notes", { releases: ["1.0.0+1"], files: { [custom]: SAYS_ITS_VERSION } });
    await world.json("sweep");
    notes.publish("1.1.0+1");
    notes.change({ files: { [custom]: null } });
    const deleted = await world.json("sweep");
    expect(rowOf(deleted.document, "notes").label).toMatch(
      /^PASS-NOT-PROMOTED \(1\.1\.0\+1; weakened: the last green had .*test custom\/login/,
    );
    expect(deleted.exit).toBe(3);
    notes.change({
      files: { [custom]: script('echo "not today"; exit 77'), "tests/custom/b": SAYS_ITS_VERSION },
    });
    const skipped = await world.json("sweep");
    expect(rowOf(skipped.document, "notes").label).toMatch(
      /^PASS-NOT-PROMOTED \(1\.1\.0\+1; weakened: .*custom\/login/,
    );
    expect(notes.record()?.version).toBe("1.0.0+1");
    notes.change({ settings: { tests: { "custom/login": { reason: "the login is gone since 1.1" } } } });
    const stated = await world.json("sweep");
    expect(labelsOf(stated.document)).toEqual({ notes: "PASS (promoted 1.1.0+1)" });
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
