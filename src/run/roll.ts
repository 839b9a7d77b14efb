import { readDowns } from "../canonical/down.ts";
import { readRecord } from "../canonical/store.ts";
import type { RecipeConfig } from "../config/config.ts";
import { EXIT, type ExitCode } from "../core/exit-code.ts";
import { isThere } from "../state/files.ts";
import type { Context } from "./context.ts";
import { holdingLanes } from "./hold-lanes.ts";
import { type OpenRun, withRun } from "./open-run.ts";
import { type RollRow, rollOne } from "./roll-one.ts";
import type { Run } from "./run.ts";

export interface RollReport {
  rows: RollRow[];
  exit: ExitCode;
}

/** Brings every live canonical to its version and checks it, in its own run. */
export async function rollLive(context: Context): Promise<RollReport> {
  return withRun(context, "roll", async (open) => {
    const rows = await holdingLanes(open.run, liveCanonicals(context), () => rollAll(open));
    const failed = rows.some((row) => row.result === "failed");
    return { rows, exit: failed ? EXIT.findings : EXIT.ok };
  });
}

/**
 * Brings every live canonical to its version, one after the other; a failure is a row, and blocks recipes that require
 * it. Canonicals tried at the start of this run already have their row.
 */
export async function rollAll({
  run,
  unsettled,
  rolled,
}: Pick<OpenRun, "run" | "unsettled" | "rolled">): Promise<RollRow[]> {
  const { config, state } = run.context;
  const rows: RollRow[] = [];
  const add = (row: RollRow) => {
    rows.push(row);
    run.note("rolled", { ...row });
    const detail = row.detail === "" ? "" : ` (${row.detail})`;
    run.context.progress({ kind: "note", text: `live ${row.recipe} ${row.version}: ${row.result}${detail}` });
  };
  const tried = new Set(unsettled.map(({ recipe }) => recipe));
  for (const recipe of config.recipes) {
    const before = rolled.find((entry) => entry.recipe === recipe.recipe);
    const row = before ?? (await rowFor(run, recipe, tried.has(recipe.recipe)));
    if (row !== null) add(row);
  }
  const configured = new Set(config.recipes.map(({ recipe }) => recipe));
  for (const { problem, recipe, version } of readDowns(state, null))
    if (!configured.has(recipe))
      add({
        recipe,
        version: version ?? "",
        result: "failed",
        detail: `it is no longer configured; ${problem}`,
      });
  return rows;
}

/** The recipes whose record says live. */
export function liveCanonicals({ config, state }: Context): RecipeConfig[] {
  return config.recipes.filter(({ recipe }) => {
    const reading = readRecord(state.canonical(recipe), recipe);
    return reading.state === "read" && reading.record.status === "live";
  });
}

// Null: it is not live. While a promotion is unsettled, only its rollback may touch the app.
async function rowFor(run: Run, recipe: RecipeConfig, wasTried: boolean): Promise<RollRow | null> {
  const { state } = run.context;
  const paths = state.canonical(recipe.recipe);
  const reading = readRecord(paths, recipe.recipe);
  const failed = (version: string, detail: string): RollRow => ({
    recipe: recipe.recipe,
    version,
    result: "failed",
    detail: run.redactor.redact(detail),
  });
  if (wasTried || isThere(paths.promotion)) {
    const down = readDowns(state, null).find((entry) => entry.recipe === recipe.recipe);
    return down === undefined ? null : failed(down.version ?? "", down.problem);
  }
  // The record may say live, but nothing is known.
  if (reading.state === "unreadable") return failed("", `canonical-unreadable: ${reading.problem}`);
  if (reading.state !== "read" || reading.record.status !== "live") return null;
  return rollOne(run, recipe, reading.record);
}
