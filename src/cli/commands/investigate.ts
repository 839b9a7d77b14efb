import { EXIT } from "../../core/exit.ts";
import { investigate } from "../../investigate/investigate.ts";
import { renderInvestigation } from "../../render/investigation.ts";
import { loadWidths } from "../../render/width.ts";
import { withContext } from "../context.ts";
import { flagOption, type Invocation, textArgument, textOption } from "../invocation.ts";
import { printResult } from "../print.ts";
import { configuredRecipes } from "../recipes.ts";

const RUNS = 3;
const LOAD = 4;

/** `investigate RECIPE`: prints the cause of a red; exits with 0 if one is established. */
export async function runInvestigate(invocation: Invocation): Promise<number> {
  loadWidths();
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const recipe = textArgument(invocation, 0) ?? "";
    configuredRecipes(context.config, [recipe]);
    const document = await investigate(context, {
      recipe,
      runs: Number(textOption(invocation, "runs") ?? RUNS),
      load: Number(textOption(invocation, "load") ?? LOAD),
      busy: flagOption(invocation, "busy"),
    });
    reporting.close();
    const { folder } = context.state.run(document.run);
    printResult(invocation, document, (layout) => renderInvestigation(document, folder, layout));
    context.signal.throwIfAborted();
    return document.cause === "unresolved" ? EXIT.findings : EXIT.ok;
  });
}
