import { expect, test } from "vitest";
import { reportView } from "../../src/core/view/report-view.ts";
import { reportHtml } from "../../src/report/html.ts";
import { reportWith, rowWith } from "../support/report.ts";

const RED = rowWith({
  recipe: "hedgedoc",
  label: "FAIL (red at restore; canonical unchanged: 1.0.0+1.9.9)",
  detail: '<img src=x onerror="alert(1)"> & more',
  needsHuman: true,
  brief: "hedgedoc/brief.md",
});

test("report.html: the honesty line first, then each row that needs a person with one command, then the rest", () => {
  const html = reportHtml(reportView(reportWith([rowWith(), RED])));
  expect(html.replaceAll(/<[^>]*>/g, "")).toContain(
    "enrolled 2 = skipped 1 + passed 0 + failed 1 + promote-failed 0",
  );
  const places = ["<header><h1", "<b>hedgedoc</b>", "<b>gitea</b>"].map((part) => html.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(html).toContain("<code>canonical-sweep show 20260614T030000Z-0a1b2c3d hedgedoc</code>");
  expect(html).toContain('<a href="hedgedoc/brief.md">');
});

test("report.html: a row that needs a person because of a warning shows it", () => {
  const row = rowWith({ needsHuman: true, warnings: ["the live canonical 1.8.0+1.8 does not run"] });
  expect(reportHtml(reportView(reportWith([row])))).toContain(
    "<p>Warning: the live canonical 1.8.0+1.8 does not run</p>",
  );
});

test("report.html: one file that asks for nothing else and runs nothing, whatever stands in the report", () => {
  const html = reportHtml(
    reportView(reportWith([RED], { changes: [{ recipe: "<b>", before: null, after: "</dd>" }] })),
  );
  expect(html).not.toMatch(/<script|<link|<img|src=x on(?!error=&quot;)|https?:\/\//);
  expect(html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; more");
  expect(html).toContain(
    '<th scope="row">&lt;b&gt;</th><td class="">not in it</td><td class="">&lt;/dd&gt;</td>',
  );
  expect(html).toContain("default-src 'none'");
});
