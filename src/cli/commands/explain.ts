import { EXIT } from "../../core/exit.ts";
import { renderExplanation } from "../../render/explain.ts";
import { explainRecipe } from "../../sweep/decide/explain.ts";
import { withContext } from "../context.ts";
import { type Invocation, textArgument } from "../invocation.ts";
import { printResult } from "../print.ts";
import { configuredRecipes } from "../recipes.ts";

export const EXPLANATION_SCHEMA = 1;

/** `explain RECIPE`. */
export async function runExplain(invocation: Invocation): Promise<number> {
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const recipe = textArgument(invocation, 0) ?? "";
    configuredRecipes(context.config, [recipe]);
    const explanation = await explainRecipe(context, recipe);
    reporting.close();
    context.signal.throwIfAborted();
    printResult(invocation, { schema: EXPLANATION_SCHEMA, ...explanation }, (layout) =>
      renderExplanation(explanation, layout),
    );
    return EXIT.ok;
  });
}
