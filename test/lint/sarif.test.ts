import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { checkRelease } from "../../src/lint/check.ts";
import { COMMENT_RULES } from "../../src/lint/ignores.ts";
import { RULES } from "../../src/lint/rules.ts";
import { type LintedRecipe, sarifOf } from "../../src/lint/sarif.ts";
import { factsOf } from "./facts.ts";

const SCHEMA = JSON.parse(readFileSync(join(import.meta.dirname, "sarif-schema-2.1.0.json"), "utf8"));
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(SCHEMA);
const PROGRAM = { name: "canonical-sweep", version: "1.2.3" };
const FILES = {
  "compose.yml":
    'version: "3.8"\nservices:\n  app:\n    image: a:1\n    depends_on: [b] # canonical-sweep: ignore compose-unreadable by hand\n    networks: [c]\n',
};

function linted(more: Partial<LintedRecipe> = {}): LintedRecipe {
  const tests = { "tests/custom/a b#c": "grep image x/a:9\n" };
  const judged = checkRelease(factsOf(FILES, { tags: ["1.0.0+2.0!"], tests }));
  const commit = "0".repeat(40);
  return {
    recipe: "sample",
    version: "1.0.0+2.0",
    commit,
    problem: null,
    upstream: "https://git.example.org/sample.git",
    folder: "/etc/canonical-sweep/recipes/sample",
    ...judged,
    ...more,
  };
}

describe("SARIF", () => {
  it.each<[string, LintedRecipe[]]>([
    ["of no recipe", []],
    ["of findings with and without a line, and of an ignored one", [linted()]],
    [
      "of a recipe that could not be looked at",
      [linted({ problem: "no answer", commit: null, findings: [] })],
    ],
    [
      "of an upstream that is a path, and one that is no URL",
      [linted({ upstream: "/srv/a b" }), linted({ upstream: "git@host:a" })],
    ],
  ])("%s is valid by the published schema", (_says, recipes) => {
    validate(sarifOf(recipes, PROGRAM));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("the schema would refuse what is wrong", () => {
    expect(validate({ version: "2.1.0", runs: [{ tool: {} }] })).toBe(false);
  });

  it("says the finding, its place, the base of that place, and why it is suppressed", () => {
    const run = sarifOf([linted()], PROGRAM).runs[0];
    const found = run?.results?.map(({ ruleId, level, locations, suppressions }) => ({
      ruleId,
      level,
      at: locations?.[0]?.physicalLocation,
      why: suppressions?.[0]?.justification,
    }));
    const at = (uri: string, uriBaseId: string, startLine: number, startColumn: number) => ({
      artifactLocation: { uri, uriBaseId },
      region: { startLine, startColumn },
    });
    expect(found).toEqual([
      {
        ruleId: "compose-unreadable",
        level: "error",
        at: at("compose.yml", "RECIPE", 6, 16),
        why: undefined,
      },
      { ruleId: "lightweight-tag", level: "warning", at: undefined, why: undefined },
      {
        ruleId: "test-asserts-no-release",
        level: "warning",
        at: at("tests/custom/a%20b%23c", "CONFIGURATION", 1, 12),
        why: undefined,
      },
      {
        ruleId: "compose-unreadable",
        level: "error",
        at: at("compose.yml", "RECIPE", 5, 18),
        why: "by hand",
      },
    ]);
    expect(run?.originalUriBaseIds?.CONFIGURATION?.uri).toBe("file:///etc/canonical-sweep/recipes/sample/");
    expect(run?.versionControlProvenance).toMatchObject([
      { revisionTag: "1.0.0+2.0", mappedTo: { uriBaseId: "RECIPE" } },
    ]);
    for (const result of run?.results ?? [])
      expect(run?.tool.driver.rules?.[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
  });
});

describe("docs/lint.md", () => {
  const manual = readFileSync(join(import.meta.dirname, "../../docs/lint.md"), "utf8");
  const all = [...RULES, ...COMMENT_RULES];

  it.each(all.map(({ id, level }) => [id, level] as const))(
    "has %s, its level, and all four parts",
    (id, level) => {
      const section = manual.split(`\n### ${id}\n`)[1]?.split("\n### ")[0] ?? "";
      expect(section).toContain(`*${level}*`);
      for (const part of ["What breaks.", "Why.", "Mend it.", "Where it comes from."])
        expect(section).toContain(`**${part}**`);
    },
  );

  it("has no rule that there is not", () => {
    const sections = [...manual.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
    expect(sections).toEqual(all.map(({ id }) => id).sort());
  });
});
