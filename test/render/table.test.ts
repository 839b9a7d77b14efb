import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { createPaint } from "../../src/render/paint.ts";
import { renderTable } from "../../src/render/table.ts";

const PLAIN = createPaint(false);
const WIDE = [
  "家庭",
  "👨‍👩‍👧",
  "🫠",
  "🪿",
  "🇩🇪",
  "❤️",
  "👍🏽",
  "é",
  "한글",
  "Ａ",
  "ä",
  "word",
  "3.6.0+1.24.2-rootless",
];
const cell = fc
  .array(fc.oneof(fc.constantFrom(...WIDE), fc.string({ unit: "grapheme", maxLength: 12 })), { maxLength: 8 })
  .map((words) => words.join(" "));
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((columns) => fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 6 }));

test("a table of any text fits 80 columns, whatever the width of its characters", () => {
  fc.assert(
    fc.property(table, (rows) => {
      const titles = (rows[0] ?? ["A"]).map((_, index) => `TITLE ${index}`);
      for (const line of renderTable(titles, rows, { width: 80, paint: PLAIN }).split("\n"))
        expect(stringWidth(line)).toBeLessThanOrEqual(80);
    }),
  );
});

test("the second column begins at the same place in every line, beside wide characters and emoji too", () => {
  const rows = WIDE.map((text) => [text, "│"]);
  const lines = renderTable(["NAME", "│"], rows, { width: 80, paint: PLAIN }).trimEnd().split("\n");
  const places = lines.map((line) => stringWidth(line.slice(0, line.indexOf("│"))));
  expect(lines).toHaveLength(WIDE.length + 1);
  expect(new Set(places).size).toBe(1);
});

test("a label that is too long for its column is wrapped and never cut", () => {
  const label = "GREEN-BUT-PROMOTE-FAILED (canonical=3.5.0+1.23.1-rootless, expected 3.6.0+1.24.2-rootless)";
  const text = renderTable(["RECIPE", "LABEL", "DETAIL"], [["gitea", label, "d ".repeat(60)]], {
    width: 80,
    paint: PLAIN,
  });
  const [, ...lines] = text.split("\n");
  const from = text.indexOf("LABEL");
  const to = text.indexOf("DETAIL");
  const column = lines
    .map((line) => line.slice(from, to))
    .join("")
    .replaceAll(" ", "");
  expect(column).toBe(label.replaceAll(" ", ""));
});

test("text from outside can neither colour the terminal nor move its cursor", () => {
  const text = renderTable(["A"], [["\u001b[31mred\u001b[2J\u0007\u202e\r"]], { width: 80, paint: PLAIN });
  expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect(text).toContain("red");
});

test("with colours off nothing but text and line breaks is printed; with colours on they stay aligned", () => {
  const rows = [
    [{ text: "FAIL", tone: "bad" as const }, "x"],
    [{ text: "SKIP no-new-version", tone: "faint" as const }, "y"],
  ];
  const off = renderTable(["LABEL", "B"], rows, { width: 80, paint: PLAIN });
  const on = renderTable(["LABEL", "B"], rows, { width: 80, paint: createPaint(true) });
  expect(off).not.toContain("\u001b");
  expect(on).toContain("\u001b[31mFAIL");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape of a colour is what is looked for.
  expect(on.replaceAll(/\u001b\[\d+m/g, "")).toBe(off);
});
