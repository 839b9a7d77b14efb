import { bringUp } from "../app/bring-up.ts";
import { forgetDown, noteDown } from "../canonical/down.ts";
import { readKept } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import type { RecipeConfig } from "../config/config.ts";
import { describeFailure } from "../core/act.ts";
import type { Canonical } from "../core/canonical.ts";
import { messageOf } from "../fault.ts";
import { appUnderTest, warmApp } from "./app-under-test.ts";
import { laneOf } from "./lanes.ts";
import { evidenceOf, type Run, stepOf } from "./run.ts";

export interface RollRow {
  recipe: string;
  /** Empty if the record is unreadable. */
  version: string;
  /** `healthy`: it ran its version and answered. `brought-up`: it had to be deployed. */
  result: "healthy" | "brought-up" | "failed";
  detail: string;
}

/** Brings one live canonical to its version, and records on disk whether it is down. */
export async function rollOne(run: Run, recipe: RecipeConfig, record: Canonical): Promise<RollRow> {
  return noteRow(run, await bring(run, recipe, record));
}

// A failed write is reported; the row still says that it failed.
function noteRow(run: Run, row: RollRow): RollRow {
  const { clock, state, progress } = run.context;
  const { recipe, version, detail, result } = row;
  const paths = state.canonical(recipe);
  try {
    if (result === "failed") noteDown(paths, { recipe, version, run: run.id, problem: detail }, clock.now());
    else forgetDown(paths);
  } catch (error) {
    progress({ kind: "note", text: messageOf(error) });
  }
  return row;
}

async function bring(run: Run, recipe: RecipeConfig, record: Canonical): Promise<RollRow> {
  const row = (result: RollRow["result"], detail: string): RollRow => ({
    recipe: recipe.recipe,
    version: record.version,
    result,
    detail: run.redactor.redact(detail),
  });
  try {
    const { clock, config, state } = run.context;
    const kept = readKept(state.canonical(recipe.recipe).kept);
    const app = warmApp(run, recipe, laneOf(config, record.lane ?? null), kept);
    const underTest = await appUnderTest(run, recipe, app);
    const limit = deadlineIn(clock, "timeouts.deploy", recipe.timeouts.deploy);
    const step = stepOf(run, evidenceOf(run, recipe.recipe), "roll", limit);
    const up = await bringUp(underTest, record, step);
    if (!up.ok) return row("failed", describeFailure(up.failure));
    return row(up.value, up.value === "healthy" ? "" : "it did not run its version or did not answer");
  } catch (error) {
    return row("failed", messageOf(error));
  }
}
