import stringWidth from "string-width";
import { expect, test } from "vitest";
import { reportView } from "../../src/core/view/report-view.ts";
import { createPaint } from "../../src/render/paint.ts";
import { renderReport } from "../../src/render/report.ts";
import { reportWith, rowWith } from "../support/report.ts";

const LAYOUT = { width: 80, paint: createPaint(false) };
const RED = rowWith({
  recipe: "hedgedoc",
  label: "FAIL (red at restore; canonical unchanged: 1.0.0+1.9.9)",
  detail: 'relation "ci_marker" does not exist '.repeat(5),
  needsHuman: true,
  brief: "hedgedoc/brief.md",
});

test("a report in a terminal has the honesty line first, then the rows that need a person, then the rest", () => {
  const text = renderReport(reportView(reportWith([rowWith(), RED])), LAYOUT);
  expect(text).toMatch(/^enrolled 2 = skipped 1 \+ passed 0 \+ failed 1/);
  expect(text.indexOf("hedgedoc")).toBeLessThan(text.indexOf("gitea"));
  expect(text).toContain("canonical-sweep show 20260614T030000Z-0a1b2c3d hedgedoc");
});

test("a row that needs a person because of a warning shows it", () => {
  const row = rowWith({ needsHuman: true, warnings: ["the live canonical 1.8.0+1.8 does not run"] });
  expect(renderReport(reportView(reportWith([row])), LAYOUT)).toContain(
    "warning: the live canonical 1.8.0+1.8 does not run",
  );
});

test("a hollow sweep says so in its first words", () => {
  const hollow = reportWith([], { hollowReasons: ["0 enrolled, the floor is 1"] });
  const text = renderReport(reportView({ ...hollow, honesty: { ...hollow.honesty, hollow: true } }), LAYOUT);
  expect(text).toMatch(/^HOLLOW: 0 enrolled, the floor is 1/);
});

test("a report fits 80 columns; only a command to copy stays on one line", () => {
  const rows = [RED, rowWith({ detail: "家庭 🫠 ".repeat(30), durationMs: 61_000 })];
  const text = renderReport(
    reportView(reportWith(rows, { notEnrolled: [{ recipe: "x", reason: "y ".repeat(90) }] })),
    LAYOUT,
  );
  for (const line of text.split("\n"))
    if (!line.startsWith("  canonical-sweep ")) expect(stringWidth(line)).toBeLessThanOrEqual(80);
});
