import { CANONICAL_SCHEMA } from "../../core/canonical.ts";
import { EXIT } from "../../core/exit.ts";
import { adoptCanonical } from "../../records/adopt.ts";
import { renderRecord } from "../../render/record.ts";
import { withContext } from "../context.ts";
import { type Invocation, textArgument, textOption } from "../invocation.ts";
import { printResult } from "../print.ts";
import { configuredRecipes } from "../recipes.ts";

/** `adopt RECIPE --version V`: prints the record. */
export async function runAdopt(invocation: Invocation): Promise<number> {
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const recipe = textArgument(invocation, 0) ?? "";
    configuredRecipes(context.config, [recipe]);
    const record = await adoptCanonical(context, recipe, textOption(invocation, "version") ?? "");
    reporting.close();
    printResult(invocation, { schema: CANONICAL_SCHEMA, ...record }, (layout) =>
      renderRecord("adopted", record, layout),
    );
    return EXIT.ok;
  });
}
