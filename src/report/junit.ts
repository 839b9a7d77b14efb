import { XMLBuilder } from "fast-xml-parser";
import { kindOf } from "../core/label/label.ts";
import type { RecipeReport, Report } from "../core/records/report.ts";
import type { TestEnd, TierEnd } from "../core/tier.ts";

type Status = "passed" | "failed" | "skipped";

/** One case of JUnit: a tier, a test in a tier, or the recipe itself where no tier was planned. */
export interface JunitCase {
  name: string;
  status: Status;
  message: string;
  durationMs: number;
}

/**
 * `junit.xml`: a suite for each recipe, a case for each tier and for each of its tests. What was skipped or not
 * reached is skipped with its reason, never passed; the totals are counted from the cases.
 */
export function reportJunit(report: Report): string {
  const suites = report.recipes.map((row) => ({ recipe: row.recipe, cases: casesOf(row) }));
  const all = suites.flatMap((suite) => suite.cases);
  const document = {
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": `canonical-sweep ${clean(report.run)}`,
      ...totals(all),
      testsuite: suites.map(({ recipe, cases }) => ({
        "@name": clean(recipe),
        "@timestamp": clean(report.startedAt),
        ...totals(cases),
        testcase: cases.map((each) => caseElement(recipe, each)),
      })),
    },
  };
  return new XMLBuilder(OPTIONS).build(document);
}

const OPTIONS = {
  attributeNamePrefix: "@",
  ignoreAttributes: false,
  format: true,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
};

/** The cases of one recipe. Its label is a case too, so that every recipe is seen and none is green in vain. */
function casesOf(row: RecipeReport): JunitCase[] {
  const tiers = row.tiers.flatMap((end) => [
    tierCase(end),
    ...(end.tests ?? []).map((test) => testCase(end, test)),
  ]);
  const notPlanned = (row.notPlanned ?? []).map(({ tier, reason }) =>
    skipped(tier, `not planned: ${reason}`),
  );
  return [labelCase(row), ...tiers, ...notPlanned];
}

function labelCase(row: RecipeReport): JunitCase {
  const message = row.detail === "" ? row.label : `${row.label}: ${row.detail}`;
  return { name: "label", status: statusOfRow(row), message, durationMs: row.durationMs };
}

function statusOfRow(row: RecipeReport): Status {
  switch (kindOf(row)) {
    case "PASS":
    case "PASS-NOT-PROMOTED":
      return "passed";
    case "SKIP":
    case "NOT-RUN":
      return "skipped";
    default:
      return "failed";
  }
}

function tierCase(end: TierEnd): JunitCase {
  const message =
    end.reason ?? (end.because === undefined ? end.status : `not reached because of ${end.because}`);
  return { name: end.tier, status: statusOf(end.status), message, durationMs: end.durationMs };
}

function testCase(tier: TierEnd, test: TestEnd): JunitCase {
  return {
    name: `${tier.tier}/${test.name}`,
    status: statusOf(test.status),
    message: test.reason ?? test.status,
    durationMs: test.durationMs,
  };
}

function skipped(name: string, message: string): JunitCase {
  return { name, status: "skipped", message, durationMs: 0 };
}

function statusOf(status: TierEnd["status"] | TestEnd["status"]): Status {
  return status === "passed" || status === "failed" ? status : "skipped";
}

function totals(cases: readonly JunitCase[]): Record<string, string> {
  const count = (status: Status) => String(cases.filter((each) => each.status === status).length);
  return {
    "@tests": String(cases.length),
    "@failures": count("failed"),
    "@errors": "0",
    "@skipped": count("skipped"),
  };
}

function caseElement(recipe: string, { name, status, message, durationMs }: JunitCase): unknown {
  const element = {
    "@classname": clean(recipe),
    "@name": clean(name),
    "@time": (durationMs / 1000).toFixed(3),
  };
  if (status === "passed") return element;
  return { ...element, [status === "failed" ? "failure" : "skipped"]: { "@message": clean(message) } };
}

// Source: XML 1.0, production 2 (Char): other control characters cannot stand in a document, not even escaped.
// An attribute has no line breaks either.
function clean(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[^\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
}
