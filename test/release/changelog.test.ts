import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { released, sectionOf, sectionsOf } from "../../release/changelog.ts";

const ROOT = join(import.meta.dirname, "../..");
const CHANGELOG = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

describe("CHANGELOG.md", () => {
  it(`the version of package.json, ${version}, has a section with changes`, () => {
    expect(sectionOf(CHANGELOG, version)?.body ?? "", `CHANGELOG.md has no changes of ${version}`).not.toBe(
      "",
    );
  });

  it("the topmost section is open for changes to come", () => {
    expect(sectionsOf(CHANGELOG)[0]?.date).toBeNull();
  });

  it("versions and dates fall from section to section", () => {
    const dates = sectionsOf(CHANGELOG).map(({ date }) => date ?? "9999");
    expect(dates).toEqual([...dates].sort().reverse());
  });

  it("a section names each kind of change once, in the words of Keep a Changelog", () => {
    const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    for (const { body } of sectionsOf(CHANGELOG)) {
      const named = [...body.matchAll(/^### (.*)$/gm)].map(([, kind = ""]) => kind);
      expect(kinds.filter((kind) => named.includes(kind))).toEqual(named);
    }
  });
});

describe("a changelog becomes that of a release", () => {
  const before = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- B\n\n## [0.1.0] - 2026-01-01\n\n- A\n";

  it("the open section gets version and date, and an empty one stands above it", () => {
    expect(released(before, "0.2.0", "2026-02-01")).toBe(
      before.replace("## [Unreleased]", "## [Unreleased]\n\n## [0.2.0] - 2026-02-01"),
    );
  });

  it("an open section that names its version becomes that version", () => {
    const named = before.replace("[Unreleased]", "[0.2.0] - Unreleased");
    expect(released(named, "0.2.0", "2026-02-01")).toBe(released(before, "0.2.0", "2026-02-01"));
  });

  it.each<[string, string, string]>([
    ["an open section without changes", before.replace("### Added\n\n- B\n\n", ""), "names no change"],
    [
      "an open section of another version",
      before.replace("[Unreleased]", "[0.3.0] - Unreleased"),
      "prepares 0.3.0",
    ],
    ["a changelog without an open section", before.replace("## [Unreleased]", ""), "no section for changes"],
    ["a heading of another form", before.replace("- 2026-01-01", "in January"), "CHANGELOG.md:9: "],
  ])("%s is refused", (_what, changelog, words) => {
    expect(() => released(changelog, "0.2.0", "2026-02-01")).toThrow(words);
  });
});
