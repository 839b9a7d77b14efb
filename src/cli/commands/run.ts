import { Tier } from "../../core/tier.ts";
import { reportView } from "../../core/view/report-view.ts";
import { renderReport } from "../../render/report.ts";
import { loadWidths } from "../../render/width.ts";
import { runRecipe } from "../../sweep/by-hand.ts";
import type { RunRequest } from "../../sweep/decide/run-request.ts";
import { withContext } from "../context.ts";
import { flagOption, type Invocation, listOption, textArgument, textOption } from "../invocation.ts";
import { printResult } from "../print.ts";
import { configuredRecipes } from "../recipes.ts";

/** `run RECIPE`: prints the report and exits with its exit code. */
export async function runRunCommand(invocation: Invocation): Promise<number> {
  loadWidths();
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const request = requestOf(invocation);
    configuredRecipes(context.config, [request.recipe]);
    const report = await runRecipe(context, request);
    reporting.close();
    printResult(invocation, report, (layout) => renderReport(reportView(report), layout));
    return report.exit;
  });
}

function requestOf(invocation: Invocation): RunRequest {
  return {
    recipe: textArgument(invocation, 0) ?? "",
    tag: textOption(invocation, "tag"),
    ref: textOption(invocation, "ref"),
    quick: flagOption(invocation, "quick"),
    promote: invocation.options.promote !== false,
    keep: flagOption(invocation, "keep"),
    tiers: [...new Set(listOption(invocation, "tier"))].map((tier) => Tier.parse(tier)),
    acceptMovedTag: flagOption(invocation, "acceptMovedTag"),
  };
}
