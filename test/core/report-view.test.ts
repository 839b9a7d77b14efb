import { expect, it } from "vitest";
import { honestyOf } from "../../src/core/label/honesty.ts";
import { nextCommand } from "../../src/core/view/next-command.ts";
import { type ReportView, reportView } from "../../src/core/view/report-view.ts";
import { servedPage } from "../../src/page/frame.ts";
import { sweepPage } from "../../src/page/sweep-page.ts";
import { createPaint } from "../../src/render/paint.ts";
import { renderReport } from "../../src/render/report.ts";
import { reportHtml } from "../../src/report/html.ts";
import { reportMarkdown } from "../../src/report/markdown.ts";
import { reportWith, rowWith } from "../support/report.ts";

const KNOWN = {
  acknowledged: { reason: "upstream works on it", until: "2026-07-01" },
  knownCause: {
    ...{ id: "slow-disk", cause: "the disk is slow", link: "issue 41", owner: "anna" },
    ...{ until: "2026-08-01", expired: false },
  },
};
const RED = rowWith({
  ...{ recipe: "hedgedoc", label: "FAIL (red at restore; canonical unchanged: none)", needsHuman: true },
  ...{ detail: "restore: the sentinel is gone", warnings: ["the old lane still holds it"], ...KNOWN },
});
const QUIET_RED = {
  ...{ ...RED, recipe: "zammad", needsHuman: false, warnings: [], detail: "upgrade: it has no index" },
  acknowledged: { reason: "nobody misses it", until: "2026-07-02" },
  knownCause: { ...KNOWN.knownCause, id: "slow-net", cause: "the net is slow" },
};
const HELD = rowWith({
  recipe: "wiki",
  label: "SKIP held (waits for spring, until 2026-12-30)",
  detail: "held",
});
const ROWS = [RED, QUIET_RED, HELD];
const REPORT = reportWith(ROWS, {
  honesty: honestyOf(ROWS, true),
  hollowReasons: ["wekan was enrolled and is gone"],
  notEnrolled: [{ recipe: "lemmy", reason: "its upstream is archived" }],
  changes: [
    { recipe: "hedgedoc", before: null, after: "FAIL" },
    { recipe: "zammad", before: "PASS", after: null },
  ],
  continues: "20260613T030000Z-aaaaaaaa",
  findings: ["a known cause is past its date"],
  recovered: ["the canonical of ghost is up again"],
  unsettled: [{ recipe: "umami", problem: "its promotion cannot be settled" }],
  configuration: { path: "/etc/canonical-sweep", commit: "4be1c7d0", dirty: true },
  environment: { fingerprint: "71a56fa9477956c6", tools: [], changes: ["docker 27, then 28"] },
});

const PAINTERS: Record<string, (view: ReportView) => string> = {
  terminal: (view) => renderReport(view, { width: 100_000, paint: createPaint(false) }),
  Markdown: (view) => reportMarkdown(view).replaceAll(/[\\`]/g, ""),
  file: (view) => seen(reportHtml(view)),
  page: (view) => seen(servedPage(sweepPage(view, "server"), { style: "/s.css", script: "/s.js" })),
};

it.each(Object.entries(PAINTERS))(
  "the %s leaves out nothing that the view of a report says",
  (_name, paint) => {
    const view = reportView(REPORT);
    const text = paint(view);
    const ofRows = view.needy.flatMap((row) => [
      ...[row.recipe, row.kind, row.said, row.detail, ...row.warnings],
      ...[row.knownCause, row.acknowledged, row.command],
    ]);
    const ofRest = view.rest.flatMap(({ recipe, said, told }) => [recipe, said, ...told.split("; ")]);
    const facts = [...view.tester, ...view.events].map((fact) => fact.code + fact.text);
    const words = [
      ...[...view.hollowReasons, ...view.toolChanges, ...ofRows, ...ofRest, ...facts],
      ...view.notEnrolled.flatMap(({ recipe, reason }) => [recipe, reason]),
      ...view.changes.flatMap(({ recipe, before, after }) => [recipe, before, after]),
    ];
    expect(words.filter((word) => word !== null && !text.includes(word))).toEqual([]);
  },
);

it.each(Object.entries(PAINTERS))("the %s says that a disk's free space is unknown", (_name, paint) => {
  expect(paint(reportView(REPORT))).toMatch(/disk[: ]*unknown/);
});

it("a row's colour comes from its outcome, whatever words its label has", () => {
  const outcome = { kind: "NOT-RUN" as const, code: "stopped", detail: "" };
  const row = { ...HELD, label: "PASS (promoted in other words)", outcome };
  expect(reportView(reportWith([row])).rest[0]).toMatchObject({ kind: "NOT-RUN", group: "NOT-RUN" });
  expect(nextCommand(row, "RUN")).toBe("canonical-sweep run wiki");
});

it("a rest row on the server's page is its version where that says enough, and a sentence where it is held", () => {
  const canonicalAfter = { version: "1.9.3+1.9.9", commit: "c0ffee" };
  const rows = [rowWith({ canonicalAfter }), { ...HELD, canonicalAfter }];
  const shorts = reportView(reportWith(rows)).rest.map(({ short }) => short);
  expect(shorts).toEqual(["1.9.3+1.9.9", "held (waits for spring, until 2026-12-30): held"]);
});

it("a red that needs nobody tells its acknowledgement, then its known cause, then its detail", () => {
  const told = reportView(REPORT).rest[0]?.told;
  expect(told).toMatch(
    /^known until 2026-07-02: nobody misses it; known cause slow-net: .*; upgrade: it has no index$/,
  );
});

function seen(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"');
}
