import { createPaint, type Layout } from "../render/paint.ts";
import type { Output, Surroundings } from "./invocation.ts";

/** Without a terminal nothing is wrapped, so that `grep` finds one line as one line. */
const UNBROKEN = 100_000;

/** The layout of text for this output: its width, and colours only on a terminal without NO_COLOR. */
export function layoutFor(output: Output, env: Surroundings["env"]): Layout {
  const colours = output.isTerminal && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  const width = output.isTerminal ? Math.max(40, output.columns()) : UNBROKEN;
  return { width, paint: createPaint(colours) };
}

/** A person's standard error: permanent lines above redrawn ones. */
export interface Terminal {
  print(text: string): void;
  draw(lines: readonly string[]): void;
  close(): void;
}

/** A terminal with live lines; it loads `log-update`, which nothing else needs. */
export async function openTerminal(output: Output): Promise<Terminal> {
  const { createLogUpdate } = await import("log-update");
  const stream = {
    write: (text: string) => output.write(text),
    isTTY: true,
  } as unknown as NodeJS.WriteStream;
  Object.defineProperty(stream, "columns", { get: () => output.columns() });
  const update = createLogUpdate(stream);
  return {
    print: (text) => {
      update.clear();
      output.write(text);
    },
    draw: (lines) => (lines.length === 0 ? update.clear() : update(lines.join("\n"))),
    close: () => {
      update.clear();
      update.done();
    },
  };
}
