import { oneLine } from "./one-line.ts";

const LONGEST = 4000;

/** Text from outside as plain words in a line of Markdown: no markup, no HTML, no line break. */
export function escapeMarkdown(text: string): string {
  return oneLine(text, LONGEST)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_[\]~|#!]/g, "\\$&");
}

/** Text from outside as code: unchanged, but on one line. */
export function escapeCode(text: string): string {
  const line = oneLine(text, LONGEST);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}
