import { createPaint, type Layout } from "../render/paint.ts";
import type { Output, Surroundings } from "./invocation.ts";

/** Where there is no terminal nothing is wrapped: what is one line is found as one line by `grep`. */
const UNBROKEN = 100_000;

/** How text for this output is laid out: its width, and colours only on a terminal and never with NO_COLOR. */
export function layoutFor(output: Output, env: Surroundings["env"]): Layout {
  const colours = output.isTerminal && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  const width = output.isTerminal ? Math.max(40, output.columns()) : UNBROKEN;
  return { width, paint: createPaint(colours) };
}

/** Standard error of a person: lines that stay, above lines that are drawn again and again. */
export interface Terminal {
  print(text: string): void;
  draw(lines: readonly string[]): void;
  close(): void;
}

/** A terminal with live lines; `log-update` is loaded here, because only a terminal needs it. */
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
