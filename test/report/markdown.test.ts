import { expect, test } from "vitest";
import { briefOf } from "../../src/brief/brief.ts";
import { briefMarkdown } from "../../src/brief/markdown.ts";
import { escapeCode, escapeMarkdown } from "../../src/core/text/escape-markdown.ts";
import { reportView } from "../../src/core/view/report-view.ts";
import { reportMarkdown } from "../../src/report/markdown.ts";
import { briefFactsWith } from "../support/brief.ts";
import { reportWith, rowWith } from "../support/report.ts";

test("report.md: the honesty line first, then the rows that need a person, then the rest in a table", () => {
  const red = rowWith({
    recipe: "hedgedoc",
    label: "BLOCKED (sync-failed)",
    detail: "git exited with 128",
    needsHuman: true,
  });
  const text = reportMarkdown(reportView(reportWith([rowWith(), red])));
  expect(text).toMatch(/^enrolled 2 = /);
  expect(text.indexOf("### hedgedoc")).toBeGreaterThan(0);
  expect(text.indexOf("| gitea |")).toBeGreaterThan(text.indexOf("### hedgedoc"));
  expect(text).toContain("`canonical-sweep explain hedgedoc`");
});

test("report.md: text from outside is neither markup nor HTML, and ends no row of a table", () => {
  const text = reportMarkdown(
    reportView(
      reportWith([rowWith({ detail: "<script>x</script> | [a](http://b) \n# heading `code` *b*" })]),
    ),
  );
  expect(text).not.toContain("<script>");
  expect(text).toContain("&lt;script&gt;");
  expect(text).toContain("\\| \\[a\\]");
  expect(text).not.toMatch(/^# heading/m);
  const rows = text.split("\n").filter((line) => line.startsWith("| gitea"));
  expect(rows).toHaveLength(1);
  expect(rows[0]?.replaceAll("\\|", "").split("|")).toHaveLength(6);
});

test("report.md: a recipe that is blocked names the command that ends it", () => {
  const blocked = (recipe: string, reason: string, command: string) =>
    rowWith({
      recipe,
      command,
      label: `BLOCKED (${reason})`,
      decision: { action: "BLOCKED", reason, reasons: [reason] },
      needsHuman: true,
    });
  const text = reportMarkdown(
    reportView(
      reportWith([
        blocked("a", "tag-moved", "canonical-sweep run a --accept-moved-tag"),
        blocked("b", "requires", "canonical-sweep run postgres"),
      ]),
    ),
  );
  expect(text).toContain("`canonical-sweep run a --accept-moved-tag`");
  expect(text).toContain("`canonical-sweep run postgres`");
});

test("report.md: a row that needs a person because of a warning shows it", () => {
  const row = rowWith({ needsHuman: true, warnings: ["the live canonical 1.8.0+1.8 does not run"] });
  expect(reportMarkdown(reportView(reportWith([row])))).toContain(
    "Warning: the live canonical 1.8.0+1.8 does not run",
  );
});

test("brief.md: a command is shown as it was typed", () => {
  const command = {
    step: "install",
    command: 'echo "$SWEEP_VERSION" > `date`',
    startedAt: "2026-06-14T03:00:00.000Z",
    exitCode: 0,
    timedOut: false,
    durationMs: 10,
  };
  const row = rowWith({ label: "FAIL (red at install; canonical unchanged: none)" });
  const text = briefMarkdown(briefOf(row, briefFactsWith({ commands: [command] })));
  expect(text).toContain('`` echo "$SWEEP_VERSION" > `date` `` (exit 0');
});

test("escapes in Markdown: code with backticks stays code, and words stay words", () => {
  expect(escapeCode("a ``b")).toBe("```a ``b```");
  expect(escapeCode("`a")).toBe("`` `a ``");
  expect(escapeMarkdown("plain words, 1.0.0+2")).toBe("plain words, 1.0.0+2");
});
