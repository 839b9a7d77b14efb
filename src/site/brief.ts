import { join } from "node:path";
import { visible } from "../core/text/visible.ts";
import { type Markup, ownMarkup } from "../page/markup.ts";
import { readEnd } from "../state/evidence-files.ts";
import type { StatePaths } from "../state/paths.ts";

/** Bytes shown from the end of a longer text. */
const LONGEST = 256 * 1024;

/** The brief of a recipe in a run as HTML; null if there is none. */
export function briefOf(state: StatePaths, run: string, recipe: string): Promise<Markup | null> {
  return markdownIn(state, run, join(recipe, "brief.md"));
}

/** A Markdown file below a run's folder as HTML; null if there is none. */
export async function markdownIn(state: StatePaths, run: string, path: string): Promise<Markup | null> {
  const found = readEnd(state.runs, join(run, path), LONGEST);
  if (found === null) return null;
  // From the start of a line: the text before a log line escapes it. As markup, some kilobytes of log take the Markdown
  // parser minutes.
  return markdownOf(found.leftOut === 0 ? found.text : found.text.slice(lineBegin(found.text)));
}

function lineBegin(text: string): number {
  const end = text.indexOf("\n");
  return end < 0 ? text.length : end + 1;
}

// A brief has no pictures and no HTML: anything like that came from a log.
const NOT_READ = ["labelStartImage", "htmlFlow", "htmlText"];

async function markdownOf(text: string): Promise<Markup> {
  // Loaded only when a brief is shown.
  const { micromark } = await import("micromark");
  const html = micromark(visible(text), { extensions: [{ disable: { null: NOT_READ } }] });
  return ownMarkup(
    html.replaceAll(/(<\/?h)([1-4])>/g, (_all, open, level) => `${open}${Math.min(6, Number(level) + 2)}>`),
  );
}
