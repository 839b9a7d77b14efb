import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type JsonSchema,
  recipeJsonSchema,
  reportJsonSchema,
  sweepJsonSchema,
} from "../../src/config/json-schema.ts";

const root = join(import.meta.dirname, "../..");
const manual = readFileSync(join(root, "docs/configuration.md"), "utf8");

interface Setting {
  /** `timeouts.deploy`; members of lists and maps have the key of the list or map before them. */
  key: string;
  description: string | undefined;
  fallback: unknown;
}

function settingsOf(schema: JsonSchema, before = ""): Setting[] {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  return properties.flatMap(([name, value]) => {
    const key = before + name;
    const inner = [value, value.items, value.additionalProperties].filter(
      (part): part is JsonSchema => typeof part === "object",
    );
    return [
      { key, description: value.description as string | undefined, fallback: value.default },
      ...inner.flatMap((part) => settingsOf(part, `${key}.`)),
    ];
  });
}

// One row of the manual stands for all of these: what they are is told elsewhere in it.
const TOLD_ELSEWHERE: Record<string, RegExp> = {
  "sweep.yaml": /^lanes\.edge\./,
  "recipe.yaml": /^(mirror|timeouts)\./,
};

const sections = {
  "sweep.yaml": settingsOf(sweepJsonSchema()),
  "recipe.yaml": settingsOf(recipeJsonSchema()),
};

describe.each(Object.entries(sections))("every setting of %s", (file, all) => {
  const settings = all.filter((setting) => !TOLD_ELSEWHERE[file]?.test(setting.key));
  const start = manual.indexOf(`## \`${file}\``);
  const text = manual.slice(start, manual.indexOf("\n## ", start + 1));

  it("has at least one setting", () => {
    expect(start).toBeGreaterThan(0);
    expect(settings.length).toBeGreaterThan(15);
  });

  it.each(settings.map((setting) => [setting.key, setting] as const))("%s stands in the manual", (key) => {
    expect(text).toContain(`\n| \`${key}\` |`);
  });

  it.each(settings.map((setting) => [setting.key, setting] as const))(
    "%s tells an editor what it is",
    (_key, setting) => {
      expect(setting.description).toEqual(expect.stringMatching(/\w{2}/));
    },
  );

  it.each(
    settings
      .filter(({ fallback }) => ["string", "number"].includes(typeof fallback))
      .map((s) => [s.key, s] as const),
  )("%s has its default in the manual", (key, { fallback }) => {
    const row = text.split("\n").find((line) => line.startsWith(`| \`${key}\` |`));
    expect(row).toContain(`\`${fallback}\``);
  });

  it("has a row in the manual, and no row is of an unknown key", () => {
    const rows = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);
    expect(rows.filter((row) => !settings.some((setting) => setting.key === row))).toEqual([]);
  });
});

describe("the schema of report.json", () => {
  it("is shipped as the program writes reports (`vitest run -u` on this file writes it anew)", async () => {
    const text = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(root, "docs/report.schema.json"));
  });
});

describe("the schemas for editors", () => {
  it("require only the required keys", () => {
    expect(sweepJsonSchema().required).toEqual(["domain"]);
    expect(recipeJsonSchema().required).toEqual(["canonical"]);
  });

  it("refuse unknown keys", () => {
    expect(sweepJsonSchema().additionalProperties).toBe(false);
    expect(recipeJsonSchema().additionalProperties).toBe(false);
  });
});
