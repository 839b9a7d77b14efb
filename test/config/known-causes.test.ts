import { describe, expect, it } from "vitest";
import { tryPattern } from "../../src/config/try-pattern.ts";
import { expiredKnownCauses, type KnownCause, knownCauseOf } from "../../src/core/cause/known-cause.ts";
import { KNOWN_CAUSES_YAML } from "../../src/init/known-causes-yaml.ts";
import { faultLines, SOUND_SWEEP } from "../support/configuration.ts";

const ENTRY = {
  id: "forge-502",
  pattern: "HTTP 502 from git",
  cause: "outside",
  link: "https://git.example.org/7",
  owner: "maria",
  until: "2026-09-30",
};
const file = (...causes: object[]) => ({
  "sweep.yaml": SOUND_SWEEP,
  "recipes/gitea/recipe.yaml": "canonical: true\n",
  "known-causes.yaml": `schema: 1\ncauses:\n${causes.map((entry) => `  - ${JSON.stringify(entry)}\n`).join("")}`,
});

describe("known-causes.yaml", () => {
  it("may be missing, empty, or as init writes it, its example included", () => {
    expect(faultLines({ "sweep.yaml": SOUND_SWEEP })).toEqual([]);
    expect(faultLines(file(ENTRY, { ...ENTRY, id: "other", recipes: ["gitea"] }))).toEqual([]);
    const written = { ...file(), "known-causes.yaml": KNOWN_CAUSES_YAML };
    expect(faultLines(written)).toEqual([]);
    const example = KNOWN_CAUSES_YAML.replace("causes: []", "causes:").replaceAll(/^#( {2})/gm, "$1");
    expect(example).toContain("\n  - id:");
    expect(faultLines({ ...written, "known-causes.yaml": example })).toEqual([]);
  });

  it.each([
    [{ pattern: "(" }, /pattern: found "\("; allowed: a regular expression of JavaScript/],
    [{ pattern: ".*" }, /pattern: .*does not match whatever fails/],
    [{ pattern: "." }, /pattern: .*does not match whatever fails/],
    [{ pattern: "error|x?" }, /pattern: .*does not match whatever fails/],
    [{ pattern: "error" }, /pattern: .*does not match whatever fails/],
    [{ cause: "bad luck" }, /cause: .*one of recipe, test, machinery, outside, flake/],
    [{ until: "soon" }, /until: .*a day such as/],
    [{ until: "2026-02-30" }, /until: .*a day such as/],
    [{ link: "javascript:alert(1)" }, /link: /],
    [{ recipes: ["nope"] }, /recipes\.0: .*a recipe of this configuration/],
    [{ patern: "x" }, /the unknown key patern \(did you mean pattern\?\)/],
    [{ owner: "" }, /owner: /],
  ])("%j is a fault with file, line and key", (change, fault) => {
    const lines = faultLines(file({ ...ENTRY, ...change }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^known-causes\.yaml:3:\d+ {2}causes\.0/);
    expect(lines[0]).toMatch(fault);
  });

  it("holds each id once, and has a known schema", () => {
    expect(faultLines(file(ENTRY, ENTRY)).join()).toMatch(/causes\.1\.id: .*no other entry/);
    const newer = { ...file(), "known-causes.yaml": "schema: 2\n" };
    expect(faultLines(newer).join()).toMatch(/known-causes\.yaml:1:1 {2}schema: found 2; allowed: 1/);
  });
});

describe("a known cause", () => {
  const known = (more: Partial<KnownCause> = {}): KnownCause => ({ ...(ENTRY as KnownCause), ...more });
  const of = (entries: KnownCause[], lines: string[], today = "2026-07-01") =>
    knownCauseOf(entries, { recipe: "gitea", lines }, today, tryPattern);

  it("is the entry that matches a line of what failed, for the recipes that it names", () => {
    const lines = ["custom/login: failed", "error: HTTP 502 from git.example.org"];
    expect(of([known()], lines).known?.id).toBe("forge-502");
    expect(of([known({ recipes: ["gitea"] })], lines).known?.id).toBe("forge-502");
    expect(of([known({ recipes: ["outline"] })], lines).known).toBeNull();
    expect(of([known({ pattern: "^HTTP 502" })], lines).known).toBeNull();
    expect(of([known({ pattern: "failed.*HTTP" })], lines).known).toBeNull();
  });

  it("in force comes before an expired one; its last day counts", () => {
    const lines = ["HTTP 502 from git"];
    const entries = [known({ id: "old", until: "2026-06-30" }), known({ id: "new", until: "2026-07-01" })];
    expect(of(entries, lines).known?.id).toBe("new");
    expect(of(entries.slice(0, 1), lines).known?.id).toBe("old");
    expect(expiredKnownCauses(entries, "2026-07-01").map(({ id }) => id)).toEqual(["old"]);
  });

  it("with a pattern that backtracks for ever is given up, and named", () => {
    const startedMs = performance.now();
    const evil = known({ id: "evil", pattern: "(?:a+)+$ever" });
    const { known: found, tooSlow } = of([evil, known()], ["a".repeat(900), "HTTP 502 from git"]);
    expect(found?.id).toBe("forge-502");
    expect(tooSlow.map(({ id }) => id)).toEqual(["evil"]);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});
