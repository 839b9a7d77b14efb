import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { latestRelease, readTags, type TagRef, upgradeBase } from "../../src/core/release-tag.ts";

const COMMIT = "c".repeat(40);

function tags(...names: string[]): TagRef[] {
  return names.map((name) => ({ name, object: COMMIT, commit: COMMIT }));
}

function releases(...names: string[]) {
  return readTags(tags(...names)).releases;
}

describe("reading the tags of an upstream", () => {
  it("gives the releases oldest first, whatever the order of the answer, and the other tags with a reason", () => {
    const reading = readTags(
      tags("2.0.0+1.0.0", "latest", "1.0.0+1.24.10", "1.0.0+1.24.2", "3.0.0-rc1+1.0.0"),
    );
    expect(reading.releases.map((release) => release.name)).toEqual([
      "1.0.0+1.24.2",
      "1.0.0+1.24.10",
      "2.0.0+1.0.0",
    ]);
    expect(reading.notReleases).toEqual([
      { name: "latest", reason: "no `+<app version>` after the recipe's version" },
      { name: "3.0.0-rc1+1.0.0", reason: "a pre-release" },
    ]);
  });

  it("makes each tag a release or lists it with a reason, and keeps its commit and object", () => {
    const tag = fc.record({
      name: fc.oneof(fc.string(), fc.constantFrom("1.0.0+1", "2.0.0+1", "1.0.0-rc1+1")),
      object: fc.constant("a".repeat(40)),
      commit: fc.constant("b".repeat(40)),
    });
    fc.assert(
      fc.property(fc.array(tag), (all) => {
        const reading = readTags(all);
        expect(reading.releases.length + reading.notReleases.length).toBe(all.length);
        for (const release of reading.releases)
          expect([release.object, release.commit]).toEqual(["a".repeat(40), "b".repeat(40)]);
        for (const other of reading.notReleases) expect(other.reason).not.toBe("");
      }),
    );
  });
});

describe("the latest release", () => {
  it("is the newest that is not broken", () => {
    const all = releases("1.0.0+1", "2.0.0+1", "3.0.0+1");
    expect(latestRelease(all, {})?.name).toBe("3.0.0+1");
    expect(latestRelease(all, { "3.0.0+1": "its image is gone" })?.name).toBe("2.0.0+1");
  });

  it("is missing where every release is broken, or none was made", () => {
    expect(latestRelease(releases("1.0.0+1"), { "1.0.0+1": "gone" })).toBeNull();
    expect(latestRelease([], {})).toBeNull();
  });

  it("may have a name that every object has, and is not broken by it", () => {
    expect(latestRelease(releases("1.0.0+1"), Object.create({ "1.0.0+1": "inherited" }))?.name).toBe(
      "1.0.0+1",
    );
  });
});

describe("the base of an upgrade", () => {
  const all = releases("1.0.0+1", "2.0.0+1", "3.0.0+1", "4.0.0+1");

  it.each<[string, string, string | null, Record<string, string>, string | null]>([
    ["the canonical's release, if strictly older than the target", "4.0.0+1", "2.0.0+1", {}, "2.0.0+1"],
    ["without a canonical the newest that is strictly older", "4.0.0+1", null, {}, "3.0.0+1"],
    ["no-base-recorded: a canonical that is the target is no base", "4.0.0+1", "4.0.0+1", {}, "3.0.0+1"],
    ["a canonical newer than the target is no base", "3.0.0+1", "4.0.0+1", {}, "2.0.0+1"],
    ["a canonical that upstream has no more is no base", "4.0.0+1", "2.5.0+1", {}, "3.0.0+1"],
    ["a broken release never is a base", "4.0.0+1", null, { "3.0.0+1": "gone" }, "2.0.0+1"],
    ["not even the canonical's", "4.0.0+1", "3.0.0+1", { "3.0.0+1": "gone" }, "2.0.0+1"],
    ["there is none before the first release", "1.0.0+1", null, {}, null],
    ["there is none where all older ones are broken", "2.0.0+1", null, { "1.0.0+1": "gone" }, null],
    ["what is no release is upgraded from the canonical", "0123456789ab", "2.0.0+1", {}, "2.0.0+1"],
    ["or from the newest", "0123456789ab", null, {}, "4.0.0+1"],
  ])("%s", (_promise, target, canonical, broken, base) => {
    expect(upgradeBase(all, target, canonical, broken)?.name ?? null).toBe(base);
  });

  it("is always strictly older than a release that is the target, and never broken", () => {
    const name = fc.constantFrom("1.0.0+1", "2.0.0+1", "3.0.0+1", "4.0.0+1");
    fc.assert(
      fc.property(
        name,
        fc.option(name),
        fc.subarray(all.map((release) => release.name)),
        (target, canonical, bad) => {
          const broken = Object.fromEntries(bad.map((each) => [each, "broken"]));
          const base = upgradeBase(all, target, canonical, broken);
          if (base === null) return;
          expect(base.name < target).toBe(true);
          expect(bad).not.toContain(base.name);
        },
      ),
    );
  });
});
