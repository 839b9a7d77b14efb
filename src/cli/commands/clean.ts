import { EXIT } from "../../core/exit.ts";
import { cleanResidue, discardOrphan } from "../../records/clean.ts";
import { renderLists } from "../../render/paragraph.ts";
import { withContext } from "../context.ts";
import { flagOption, type Invocation, textOption } from "../invocation.ts";
import { printResult } from "../print.ts";
import { recipeName } from "../recipes.ts";

const CLEAN_SCHEMA = 1;

/** `clean`, and `clean --discard RECIPE`. */
export async function runClean(invocation: Invocation): Promise<number> {
  const discarded = textOption(invocation, "discard");
  return discarded === null ? cleanAll(invocation) : discard(invocation, recipeName(discarded));
}

async function cleanAll(invocation: Invocation): Promise<number> {
  const dryRun = flagOption(invocation, "dryRun");
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const { removed, kept, unsettled, exit } = await cleanResidue(context, { dryRun });
    reporting.close();
    printResult(invocation, { schema: CLEAN_SCHEMA, dryRun, removed, kept, unsettled }, (layout) =>
      renderLists(
        [
          { title: dryRun ? "Would be removed" : "Removed", lines: removed },
          { title: "Not removed", lines: kept },
          { title: "Not settled", lines: unsettled.map(({ recipe, problem }) => `${recipe}: ${problem}`) },
        ],
        "nothing is left over",
        layout,
      ),
    );
    return exit;
  });
}

async function discard(invocation: Invocation, recipe: string): Promise<number> {
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const { removed } = await discardOrphan(context, recipe);
    reporting.close();
    printResult(invocation, { schema: CLEAN_SCHEMA, recipe, removed }, (layout) =>
      renderLists([{ title: "Given up", lines: removed }], `nothing of ${recipe} is orphaned`, layout),
    );
    return EXIT.ok;
  });
}
