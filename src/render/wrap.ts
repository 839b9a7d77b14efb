import { graphemes, width } from "./width.ts";

/**
 * The lines of a text, none wider than `limit`. Breaks at spaces; a word that is too long breaks where a version or a
 * path remains readable (before `+`, after `-`, `/`, `,`, `:`), else anywhere between two characters. Nothing is left
 * out.
 */
export function wrap(text: string, limit: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(2, limit)));
}

function wrapLine(line: string, limit: number): string[] {
  if (width(line) <= limit) return [line];
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    const joined = current === "" ? word : `${current} ${word}`;
    if (width(joined) <= limit) {
      current = joined;
      continue;
    }
    if (current !== "") lines.push(current);
    const parts = breakWord(word, limit);
    lines.push(...parts.slice(0, -1));
    current = parts.at(-1) ?? "";
  }
  return current === "" ? lines : [...lines, current];
}

function breakWord(word: string, limit: number): string[] {
  if (width(word) <= limit) return [word];
  return fill(
    word.split(/(?=\+)|(?<=[-/,:])/u).flatMap((part) => (width(part) <= limit ? [part] : graphemes(part))),
    limit,
  );
}

function fill(parts: readonly string[], limit: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const part of parts) {
    if (current !== "" && width(current + part) > limit) {
      lines.push(current);
      current = part;
    } else current += part;
  }
  return [...lines, current];
}

/** The widest piece that `wrap` keeps together if possible: the least width for readable text. */
export function widestWord(text: string): number {
  return Math.max(0, ...text.split(/\s|(?=\+)|(?<=[-/,:])/u).map(width));
}
