import type { Layout } from "../render/paint.ts";
import { visibleJson } from "../render/visible-json.ts";
import type { Invocation } from "./invocation.ts";
import { layoutFor } from "./terminal.ts";

/** Prints a result on standard output: `document` as JSON with --json, else the text from `render`. */
export function printResult(
  { global, surroundings }: Invocation,
  document: unknown,
  render: (layout: Layout) => string,
): void {
  const { stdout, env } = surroundings;
  stdout.write(
    global.json ? `${visibleJson(JSON.stringify(document, null, 2))}\n` : render(layoutFor(stdout, env)),
  );
}
