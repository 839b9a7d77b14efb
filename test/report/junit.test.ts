import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { TIERS } from "../../src/core/tier.ts";
import { reportJunit } from "../../src/report/junit.ts";
import { reportWith, rowWith } from "../support/report.ts";

const text = fc.string({ unit: "binary", maxLength: 30 });
const testEnd = fc.record({
  name: text,
  status: fc.constantFrom("passed", "failed", "skipped", "not-planned"),
  reason: text,
  durationMs: fc.nat(),
});
const tierEnd = fc.record({
  tier: fc.constantFrom(...TIERS),
  status: fc.constantFrom("passed", "failed", "skipped", "not-reached"),
  reason: text,
  durationMs: fc.nat(),
  tests: fc.array(testEnd, { maxLength: 3 }),
});
const LABELS = [
  "SKIP no-new-version",
  "PASS (promoted V)",
  "FAIL (red at install; canonical unchanged: none)",
];
const row = fc
  .record({
    recipe: text,
    label: fc.constantFrom(...LABELS),
    detail: text,
    tiers: fc.array(tierEnd, { maxLength: 5 }),
  })
  .map((some) => rowWith(some as Parameters<typeof rowWith>[0]));

interface Suite {
  "@tests": string;
  "@failures": string;
  "@skipped": string;
  testcase: { failure?: unknown; skipped?: { "@message": string } }[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseAttributeValue: false,
  isArray: (name) => name === "testsuite" || name === "testcase",
});

test("junit: the totals are those of the cases, whatever text stands in the report", () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
      const xml = reportJunit(reportWith(rows));
      expect(XMLValidator.validate(xml)).toBe(true);
      const { testsuites } = parser.parse(xml) as { testsuites: Suite & { testsuite: Suite[] } };
      expect(testsuites.testsuite).toHaveLength(rows.length);
      for (const suite of testsuites.testsuite) expectTotals(suite, suite.testcase);
      expectTotals(
        testsuites,
        testsuites.testsuite.flatMap((suite) => suite.testcase),
      );
    }),
  );
});

function expectTotals(totals: Omit<Suite, "testcase">, cases: Suite["testcase"]): void {
  expect(Number(totals["@tests"])).toBe(cases.length);
  expect(Number(totals["@failures"])).toBe(cases.filter((each) => each.failure !== undefined).length);
  expect(Number(totals["@skipped"])).toBe(cases.filter((each) => each.skipped !== undefined).length);
}

test("junit: a test that was not reached is skipped with its cause, and never passed", () => {
  const xml = reportJunit(
    reportWith([
      rowWith({
        label: "FAIL (red at install; canonical unchanged: none)",
        tiers: [
          { tier: "install", status: "failed", reason: "exit 1", durationMs: 10 },
          { tier: "custom", status: "not-reached", because: "install", durationMs: 0 },
        ],
      }),
    ]),
  );
  expect(xml).toContain('<skipped message="not reached because of install"/>');
  expect(xml).toContain('<failure message="exit 1"/>');
});

test("junit: a release that could not be promoted is red although its tiers are green", () => {
  const label = "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+2.0)";
  const tiers = [{ tier: "install" as const, status: "passed" as const, durationMs: 10 }];
  expect(reportJunit(reportWith([rowWith({ label, tiers })]))).toContain('failures="1"');
});

test("junit: control characters, which XML cannot hold, are left out", () => {
  const xml = reportJunit(reportWith([rowWith({ detail: "a\u0000\u001b[31m\ufffe\ud800b" })]));
  expect(xml).toContain("a[31mb");
});
