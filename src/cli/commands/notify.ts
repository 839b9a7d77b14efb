import { EXIT } from "../../core/exit.ts";
import type { Layout } from "../../render/paint.ts";
import { renderTable } from "../../render/table.ts";
import { notifyTest, type Told } from "../../sweep/report/notifications.ts";
import { withContext } from "../context.ts";
import type { Invocation } from "../invocation.ts";
import { printResult } from "../print.ts";

export const NOTIFY_SCHEMA = 1;

/** `notify`: sends each receiver a test. */
export async function runNotify(invocation: Invocation): Promise<number> {
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const told = await notifyTest(context);
    reporting.close();
    context.signal.throwIfAborted();
    printResult(invocation, { schema: NOTIFY_SCHEMA, told }, (layout) => renderTold(told, layout));
    return told.every(({ problem }) => problem === null) ? EXIT.ok : EXIT.machinery;
  });
}

function renderTold(told: readonly Told[], layout: Layout): string {
  if (told.length === 0) return "sweep.yaml names no receiver: see `notify:` in docs/configuration.md\n";
  return renderTable(
    ["RECEIVER", "RESULT"],
    told.map(({ receiver, problem }) => [
      receiver,
      { text: problem ?? "took it", tone: problem === null ? "good" : "bad" },
    ]),
    layout,
  );
}
