import type { RedFacts } from "../core/cause/evidence.ts";
import { signOf, signOfMachinery } from "../core/cause/sign.ts";
import { isOutcome, kindOf } from "../core/label/label.ts";
import { oldError, wasOfTest } from "../core/label/old-rows.ts";
import type { RecipeReport, Report } from "../core/records/report.ts";
import { isSameError } from "../core/text/same-error.ts";
import type { Tier } from "../core/tier.ts";
import { Fault } from "../fault.ts";
import { readRuns } from "../report/run-store.ts";
import type { StatePaths } from "../state/paths.ts";

/** The investigated red, as its run recorded it. */
export interface Red {
  run: string;
  row: RecipeReport;
  target: NonNullable<RecipeReport["target"]>;
  /** The failed tier; null if none failed. */
  tier: Tier | null;
  firstError: string;
  facts: RedFacts;
  /** Failed promotions of this release with this first error, including this one. */
  promotionFailures: number;
}

/**
 * The newest result of a recipe, which must be a red that can be run again; otherwise throws a Fault that says what it
 * is.
 */
export function findRed(state: StatePaths, recipe: string): Red {
  const reports = readRuns(state).flatMap((reading) => (reading.state === "read" ? [reading.report] : []));
  const results = reports.flatMap((report) => resultsOf(report, recipe));
  const [newest] = results;
  if (newest === undefined)
    throw new Fault("usage", `${recipe} was never tested`, `test it: \`canonical-sweep run ${recipe}\``);
  const { row, run } = newest;
  const kind = kindOf(row);
  const isRed =
    kind === "FAIL" || kind === "GREEN-BUT-PROMOTE-FAILED" || isOutcome(row, "BLOCKED", "machinery");
  if (!isRed)
    throw new Fault(
      "usage",
      `${recipe} is not red: ${row.label} in run ${run}`,
      kind === "BLOCKED"
        ? `see what blocks it: \`canonical-sweep explain ${recipe}\``
        : "there is nothing to investigate",
    );
  if (row.target === null)
    throw new Fault(
      "usage",
      `nothing of ${recipe} was tested in run ${run}: ${row.label}`,
      `test it: \`canonical-sweep run ${recipe}\``,
    );
  const red = describe(run, row, row.target);
  return {
    ...red,
    promotionFailures: promotionFailures(
      results.map((result) => result.row),
      red,
    ),
  };
}

// A recipe that was not run or was skipped has no result.
function resultsOf(report: Report, recipe: string): { run: string; row: RecipeReport }[] {
  return report.recipes
    .filter((row) => row.recipe === recipe && !["SKIP", "NOT-RUN"].includes(kindOf(row) ?? ""))
    .map((row) => ({ run: report.run, row }));
}

function describe(run: string, row: RecipeReport, target: Red["target"]): Omit<Red, "promotionFailures"> {
  const failed = row.tiers.find((end) => end.status === "failed");
  const firstError = failed?.reason ?? row.promotion?.reason ?? row.error ?? oldError(row);
  const isMachinery = kindOf(row) === "BLOCKED";
  return {
    run,
    row,
    target,
    tier: failed?.tier ?? null,
    firstError,
    facts: {
      at: atOf(row),
      isOfTest: failed === undefined ? isMachinery : (failed.isOfTest ?? wasOfTest(failed, firstError)),
      isDefinite: !/ did not end within /.test(firstError),
      sign: isMachinery ? signOfMachinery(firstError) : signOf(firstError),
      slowdown: null,
    },
  };
}

function atOf(row: RecipeReport): RedFacts["at"] {
  const { promotion } = row;
  if (promotion === null || kindOf(row) !== "GREEN-BUT-PROMOTE-FAILED") return "tier";
  return promotion.result === "refused" ? "refusal" : "promotion";
}

function promotionFailures(rows: readonly RecipeReport[], red: Omit<Red, "promotionFailures">): number {
  return rows.filter(
    ({ target, promotion }) =>
      target?.commit === red.target.commit &&
      promotion?.result === "rolled-back" &&
      isSameError(promotion.reason ?? "", red.firstError),
  ).length;
}
