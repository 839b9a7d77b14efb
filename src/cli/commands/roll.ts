import type { Layout } from "../../render/paint.ts";
import { renderTable } from "../../render/table.ts";
import { type RollReport, rollLive } from "../../run/roll.ts";
import { withContext } from "../context.ts";
import type { Invocation } from "../invocation.ts";
import { printResult } from "../print.ts";

const ROLL_SCHEMA = 1;

/** `roll`: brings live canonicals to their version. */
export async function runRoll(invocation: Invocation): Promise<number> {
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const report = await rollLive(context);
    reporting.close();
    printResult(invocation, { schema: ROLL_SCHEMA, ...report }, (layout) => renderRoll(report, layout));
    return report.exit;
  });
}

function renderRoll({ rows }: RollReport, layout: Layout): string {
  if (rows.length === 0) return "no live canonical\n";
  return renderTable(
    ["RECIPE", "VERSION", "RESULT", "DETAIL"],
    rows.map((row) => [
      row.recipe,
      row.version,
      { text: row.result, tone: row.result === "failed" ? "bad" : "good" },
      row.detail,
    ]),
    layout,
  );
}
