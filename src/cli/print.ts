import type { Layout } from "../render/paint.ts";
import type { Invocation } from "./invocation.ts";
import { layoutFor } from "./terminal.ts";

/** Prints a result on standard output: one JSON document with --json, else the text that `render` makes. */
export function printResult(
  { global, surroundings }: Invocation,
  json: () => unknown,
  render: (layout: Layout) => string,
): void {
  const { stdout, env } = surroundings;
  stdout.write(global.json ? `${visibleJson(json())}\n` : render(layoutFor(stdout, env)));
}

// JSON escapes only the oldest control characters; others, and those that turn text around, act on a terminal too.
function visibleJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(
    /[\u007f-\u009f\u2028\u2029]|(?!\u200d)\p{Cf}/gu,
    (found) => unitsOf(found).join(""),
  );
}

function unitsOf(text: string): string[] {
  return text.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
