import { join } from "node:path";
import { type Canonical, provenRecord } from "../core/canonical.ts";
import { keptOutcome, kindOf, labelFor, outcomeOfRow } from "../core/label/label.ts";
import { outcomeOf } from "../core/label/outcome-of-test.ts";
import type { RecipeReport } from "../core/records/report.ts";
import type { Run } from "../run/run.ts";
import { exists, removeTree } from "../state/files.ts";
import { copyFolder } from "../state/trees/copy.ts";
import { isSameTree } from "../state/trees/same-tree.ts";
import type { DecidedRecipe } from "./decide/decide-all.ts";
import { findKilledSweep, type KilledSweep } from "./killed-sweep.ts";
import { refOf } from "./label/row.ts";

/** The killed sweep before this one, which this one continues. */
export interface Continuation {
  /** The killed run; null if there is nothing to continue. */
  of: string | null;
  /** The row of a recipe that was finished before the kill and is not tested again; null if it is. */
  rowOf(entry: DecidedRecipe): RecipeReport | null;
  /** The tier that had failed when a recipe's test was cut short: testing it again is a retry. */
  failedBefore(recipe: string): string | null;
}

export const NOTHING_TO_CONTINUE: Continuation = { of: null, rowOf: () => null, failedBefore: () => null };

/**
 * The parts that a sweep takes over from a killed one, if they still hold: the same release is the newest, the same
 * configuration tests it, and the record is the one in the row. A sweep that began longer ago than `timeouts.sweep` is
 * not continued: that is next week's work.
 */
export function continueSweep(run: Run): Continuation {
  const { clock, config } = run.context;
  const killed = findKilledSweep(run, clock.now() - config.timeouts.sweep);
  if (killed === null || !sameSettings(run, killed)) return NOTHING_TO_CONTINUE;
  run.context.progress({ kind: "note", text: `going on with the sweep ${killed.run}, which was killed` });
  return {
    of: killed.run,
    rowOf: (entry) => takeOver(run, killed, entry),
    failedBefore: (recipe) => killed.failed.get(recipe) ?? null,
  };
}

function takeOver(run: Run, killed: KilledSweep, entry: DecidedRecipe): RecipeReport | null {
  const { decision, recipe } = entry;
  const record = provenRecord(entry.record);
  const row = killed.rows.get(recipe.recipe) ?? promotedRow(killed, recipe.recipe, record);
  if (row === null || !isConclusion(row)) return null;
  const isAsked =
    decision.action === "RUN" || (decision.action === "SKIP" && decision.reason === "no-new-version");
  if (!isAsked || !isSame(row.target, decision.latest) || !isSame(row.canonicalAfter, refOf(record)))
    return null;
  if (!isSameTree(folderOf(run, killed.run, recipe.recipe), folderOf(run, run.id, recipe.recipe)))
    return null;
  bringEvidence(run, killed, recipe.recipe);
  // A row of an older version has no outcome yet; each row of a new report has one.
  return { ...row, outcome: outcomeOfRow(row) ?? undefined, testedIn: row.testedIn ?? killed.run };
}

// The record was replaced, and the run died before it could say so: the label is derived from the record.
function promotedRow(killed: KilledSweep, recipe: string, record: Canonical | null): RecipeReport | null {
  const tested = killed.promoting.get(recipe);
  const target = tested?.row.target;
  if (tested === undefined || target == null || record === null) return null;
  if (record.run !== killed.run || !isSame(target, record)) return null;
  const from = tested.row.canonicalBefore?.version ?? null;
  const promotion: NonNullable<RecipeReport["promotion"]> = {
    kind: from === null ? "seed" : "advance",
    from,
    to: record.version,
    result: "promoted",
    sentinel: record.sentinel ?? "none",
    notes: [`run ${killed.run} was killed after it had replaced the record`],
    durationMs: Math.max(0, Date.parse(record.ts) - tested.atMs),
  };
  const outcome = outcomeOf({
    version: target.version,
    redAt: null,
    interruption: null,
    whyNotPromoted: null,
    promotion,
    run: killed.run,
    after: record,
  });
  return {
    ...tested.row,
    promotion,
    label: labelFor(outcome),
    outcome: keptOutcome(outcome),
    detail: `${tested.row.detail}; promoted by run ${killed.run}, which was killed after that`,
    canonicalAfter: refOf(record),
    needsHuman: outcome.kind !== "PASS",
    brief: null,
  };
}

// A row cut short by machinery or an interrupt proves nothing about the recipe.
function isConclusion(row: RecipeReport): boolean {
  const kind = kindOf(row);
  return row.tiers.length > 0 && kind !== null && kind !== "BLOCKED" && kind !== "NOT-RUN" && kind !== "SKIP";
}

type Ref = { version: string; commit: string } | null;

function isSame(one: Ref, other: Ref): boolean {
  return one?.version === other?.version && one?.commit === other?.commit;
}

function sameSettings(run: Run, killed: KilledSweep): boolean {
  const file = (id: string) => join(run.context.state.run(id).configuration, "sweep.yaml");
  return isSameTree(file(killed.run), file(run.id));
}

function folderOf(run: Run, id: string, recipe: string): string {
  return join(run.context.state.run(id).configuration, "recipes", recipe);
}

function bringEvidence(run: Run, killed: KilledSweep, recipe: string): void {
  const { state } = run.context;
  const [from, to] = [state.run(killed.run).recipe(recipe), run.paths.recipe(recipe)];
  if (!exists(from)) return;
  removeTree(to);
  copyFolder(from, to, { leaveOut: () => false });
}
