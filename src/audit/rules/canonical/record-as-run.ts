import { isDeepStrictEqual } from "node:util";
import type { Canonical } from "../../../core/canonical.ts";
import type { RecipeReport } from "../../../core/records/report.ts";
import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";
import { rowOfRecord } from "../../runs.ts";

/** Reads: the record, and the row and environment of the run that wrote it. */
export const recordAsRun: Rule = {
  id: "record-as-run",
  claim: "tests, tiers, sentinel, tag object and tools in the record are those that its run found",
  judge: (facts) =>
    provenOf(facts).flatMap(({ recipe, record, paths }) => {
      const tested = rowOfRecord(facts.runs, record, recipe);
      if (tested?.run.reading.state !== "read") return [];
      const { run, row } = tested;
      const tools = row.testedIn === undefined ? tested.run.reading.report.environment.fingerprint : null;
      const differing = comparisons(record, row, tools).filter(
        ([, recorded, found]) => recorded !== undefined && !isDeepStrictEqual(recorded, found),
      );
      if (differing.length === 0) return [];
      const shown = differing.map(
        ([name, recorded, found]) => `${name} is ${show(recorded)} there and ${show(found)} in the run`,
      );
      const evidence = `${paths.record}: ${shown.join("; ")}`;
      return [{ recipe, run: run.run, evidence, command: `canonical-sweep show ${run.run} ${recipe}` }];
    }),
};

type Comparison = readonly [name: string, recorded: unknown, found: unknown];

function comparisons(record: Canonical, row: RecipeReport, tools: string | null): Comparison[] {
  const passed = row.tiers.filter((end) => end.status === "passed");
  const tests = passed.flatMap((end) => end.tests ?? []).filter((test) => test.status === "passed");
  const names = [...new Set(tests.map((test) => test.name))].sort();
  const proven = row.promotion?.sentinel ?? "none";
  return [
    ["tagObject", record.tagObject, row.target?.tagObject],
    ["lane", record.lane, row.lane],
    ["sentinel", record.sentinel, proven === "none" ? "none" : "planted"],
    ["tiers", record.tiers, passed.map((end) => end.tier)],
    ["tests", record.tests === undefined ? undefined : Object.keys(record.tests).sort(), names],
    ...(tools === null ? [] : [["environment", record.environment, tools] as const]),
  ];
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(" ");
  return value === undefined || value === null ? "none" : String(value);
}
