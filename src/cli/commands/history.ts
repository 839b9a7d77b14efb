import { EXIT } from "../../core/exit.ts";
import { renderRecipeHistory, renderRunHistory } from "../../render/history.ts";
import { renderNotes } from "../../render/plan.ts";
import { historyOfRecipe, historyOfRuns } from "../../report/history.ts";
import { type Invocation, textArgument } from "../invocation.ts";
import { openState } from "../open-state.ts";
import { printResult } from "../print.ts";
import { recipeName } from "../recipes.ts";

const HISTORY_SCHEMA = 1;

/** `history [RECIPE]`: labels over time. */
export async function runHistory(invocation: Invocation): Promise<number> {
  const { state } = openState(invocation);
  const recipe = textArgument(invocation, 0);
  if (recipe === null) {
    const runs = historyOfRuns(state);
    printResult(invocation, { schema: HISTORY_SCHEMA, runs }, (layout) => renderRunHistory(runs, layout));
    return EXIT.ok;
  }
  const { lines, problems } = historyOfRecipe(state, recipeName(recipe));
  printResult(
    invocation,
    { schema: HISTORY_SCHEMA, recipe, entries: lines, problems },
    (layout) =>
      renderRecipeHistory(lines, recipe, layout) +
      renderNotes(
        problems.map((problem) => `cannot be read: ${problem}`),
        layout,
      ),
  );
  return EXIT.ok;
}
