import type { ReportView } from "../core/view/report-view.ts";
import { singleFile } from "../page/frame.ts";
import { sweepPage } from "../page/sweep-page.ts";

/** `report.html`: the page of the run as one file that needs nothing else, no script and no network. */
export function reportHtml(view: ReportView): string {
  return singleFile(sweepPage(view, "file"));
}
