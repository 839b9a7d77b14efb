import { audit } from "../../audit/audit.ts";
import { EXIT } from "../../core/exit.ts";
import { renderAudit } from "../../render/audit.ts";
import { withContext } from "../context.ts";
import type { Invocation } from "../invocation.ts";
import { printResult } from "../print.ts";

export const AUDIT_SCHEMA = 1;

/** `audit`: prints the recorded claims that do not hold. */
export async function runAudit(invocation: Invocation): Promise<number> {
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const report = await audit(context);
    reporting.close();
    context.signal.throwIfAborted();
    printResult(
      invocation,
      { schema: AUDIT_SCHEMA, holds: report.findings.length === 0, ...report },
      (layout) => renderAudit(report, layout),
    );
    return report.findings.length === 0 ? EXIT.ok : EXIT.findings;
  });
}
