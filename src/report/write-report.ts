import type { Report } from "../core/records/report.ts";
import { reportView } from "../core/view/report-view.ts";
import { writeJson, writeWhole } from "../state/files.ts";
import type { RunPaths } from "../state/paths.ts";
import { reportHtml } from "./html.ts";
import { reportJunit } from "./junit.ts";
import { reportMarkdown } from "./markdown.ts";

/** Writes `report.md`, `report.html`, `junit.xml` and, last, `report.json`: where that one stands, the others do. */
export function writeReport(paths: RunPaths, report: Report): void {
  const view = reportView(report);
  writeWhole(paths.markdown, reportMarkdown(view));
  writeWhole(paths.html, reportHtml(view));
  writeWhole(paths.junit, reportJunit(report));
  writeJson(paths.report, report);
}
