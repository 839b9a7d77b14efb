import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { configurationWith, readPage, siteOf } from "../support/page-site.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { MONDAY, writeState } from "../support/written-state.ts";

const DOCS = join(import.meta.dirname, "../../docs");

/** The names of the metrics of a week with reds, and the value of each sample. */
async function metrics(): Promise<{ text: string; type: string; samples: Map<string, number> }> {
  const state = writeState(temporaryFolder("metrics"), { recipes: 46, weeks: 3, reds: true });
  const site = siteOf(state, {
    configuration: () => ({ config: configurationWith(["gitea", "hedgedoc"]), problem: null }),
  });
  const { text, type } = await readPage(site, "/metrics");
  const samples = new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
  return { text, type, samples };
}

it("the page of metrics is OpenMetrics: its type, a type for each family, and the end mark", async () => {
  const { text, type } = await metrics();
  expect(type).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  expect(text).toMatch(/\n# EOF\n$/);
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name]) => name ?? "");
  expect(new Set(types).size).toBe(types.length);
  for (const line of text.split("\n").filter((each) => each !== "" && !each.startsWith("#")))
    expect(line).toMatch(/^canonical_sweep_[a-z_]+(\{([a-z_]+="([^"\\\n]|\\.)*",?)+\})? -?[0-9.e+-]+$/);
});

it("the page of metrics says what the last sweep proved and when, and leaves out what is not known", async () => {
  const { samples } = await metrics();
  const at = samples.get("canonical_sweep_last_sweep_not_hollow_timestamp_seconds") ?? 0;
  expect(MONDAY / 1000 - at).toBeGreaterThan(24 * 3600);
  expect(MONDAY / 1000 - at).toBeLessThan(30 * 3600);
  expect(samples.get('canonical_sweep_sweep_recipes{label="FAIL"}')).toBe(3);
  expect(samples.get('canonical_sweep_sweep_recipes{label="NOT-RUN"}')).toBe(1);
  expect(samples.get("canonical_sweep_needs_person_recipes")).toBe(4);
  expect(samples.get('canonical_sweep_tier_seconds{recipe="hedgedoc",tier="restore"}')).toBeGreaterThan(1);
  expect(samples.has('canonical_sweep_tier_seconds{recipe="hedgedoc",tier="custom"}')).toBe(false);
  expect(samples.get('canonical_sweep_mirror_age_seconds{recipe="gitea"}')).toBeGreaterThan(24 * 3600);
  expect(samples.has("canonical_sweep_at_work_since_timestamp_seconds")).toBe(false);
});

it("the example of alerts uses only existing metrics, and the manual names each of them", async () => {
  const { text } = await metrics();
  const names = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name ?? ""));
  const alerts = readFileSync(join(DOCS, "alerts.example.yaml"), "utf8");
  const { groups } = parse(alerts) as { groups: { rules: { alert: string; expr: string }[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules[0]?.expr).toContain("canonical_sweep_last_sweep_not_hollow_timestamp_seconds");
  const manual = readFileSync(join(DOCS, "page.md"), "utf8");
  const told = new Set([...manual.matchAll(/`(canonical_sweep_\w+)[`{]/g)].map(([, name]) => name ?? ""));
  const whileAtWork = "canonical_sweep_at_work_since_timestamp_seconds";
  const whileDown = "canonical_sweep_down_since_timestamp_seconds";
  expect(told).toEqual(new Set([...names, whileAtWork, whileDown]));
  for (const { expr } of rules)
    for (const [name] of expr.matchAll(/canonical_sweep_\w+/g)) expect(told).toContain(name);
});
