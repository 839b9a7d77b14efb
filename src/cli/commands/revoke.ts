import { CANONICAL_SCHEMA } from "../../core/canonical.ts";
import { EXIT } from "../../core/exit.ts";
import { revokeCanonical } from "../../records/revoke.ts";
import { renderRecord } from "../../render/record.ts";
import { withContext } from "../context.ts";
import { type Invocation, textArgument, textOption } from "../invocation.ts";
import { printResult } from "../print.ts";
import { recipeName } from "../recipes.ts";

/** `revoke RECIPE --reason R`: prints the revoked record. */
export async function runRevoke(invocation: Invocation): Promise<number> {
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const recipe = recipeName(textArgument(invocation, 0) ?? "");
    const record = await revokeCanonical(context, recipe, textOption(invocation, "reason") ?? "");
    reporting.close();
    printResult(invocation, { schema: CANONICAL_SCHEMA, ...record }, (layout) =>
      renderRecord("revoked", record, layout),
    );
    return EXIT.ok;
  });
}
