import { reportView } from "../../core/view/report-view.ts";
import { renderReport } from "../../render/report.ts";
import { loadWidths } from "../../render/width.ts";
import { runSweep } from "../../sweep/sweep.ts";
import { withContext } from "../context.ts";
import { flagOption, type Invocation } from "../invocation.ts";
import { printResult } from "../print.ts";

/** `sweep`: prints the report and exits with its exit code. */
export async function runSweepCommand(invocation: Invocation): Promise<number> {
  loadWidths();
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const report = await runSweep(context, { onlySync: flagOption(invocation, "onlySync") });
    reporting.close();
    printResult(invocation, report, (layout) => renderReport(reportView(report), layout));
    return report.exit;
  });
}
