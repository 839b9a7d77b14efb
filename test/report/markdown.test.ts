import { expect, test } from "vitest";
import { escapeCode, escapeMarkdown } from "../../src/core/escape-markdown.ts";
import { reportMarkdown } from "../../src/report/markdown.ts";
import { reportWith, rowWith } from "../support/report.ts";

test("report.md: the honesty line first, then the rows that need a person, then the rest in a table", () => {
  const red = rowWith({
    recipe: "hedgedoc",
    label: "BLOCKED (sync-failed)",
    detail: "git exited with 128",
    needsHuman: true,
  });
  const text = reportMarkdown(reportWith([rowWith(), red]));
  expect(text).toMatch(/^enrolled 2 = /);
  expect(text.indexOf("### hedgedoc")).toBeGreaterThan(0);
  expect(text.indexOf("| gitea |")).toBeGreaterThan(text.indexOf("### hedgedoc"));
  expect(text).toContain("`canonical-sweep explain hedgedoc`");
});

test("report.md: text from outside is neither markup nor HTML, and ends no row of a table", () => {
  const text = reportMarkdown(
    reportWith([rowWith({ detail: "<script>x</script> | [a](http://b) \n# heading `code` *b*" })]),
  );
  expect(text).not.toContain("<script>");
  expect(text).toContain("&lt;script&gt;");
  expect(text).toContain("\\| \\[a\\]");
  expect(text).not.toMatch(/^# heading/m);
  const rows = text.split("\n").filter((line) => line.startsWith("| gitea"));
  expect(rows).toHaveLength(1);
  expect(rows[0]?.replaceAll("\\|", "").split("|")).toHaveLength(6);
});

test("escapes: code with backticks stays code, and words stay words", () => {
  expect(escapeCode("a ``b")).toBe("```a ``b```");
  expect(escapeCode("`a")).toBe("`` `a ``");
  expect(escapeMarkdown("plain words, 1.0.0+2")).toBe("plain words, 1.0.0+2");
});
