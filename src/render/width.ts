import { createRequire } from "node:module";

type StringWidth = (text: string) => number;

const requireModule = createRequire(import.meta.url);
let stringWidth: StringWidth | null = null;

/**
 * The columns of a text on a terminal: 2 for wide characters and emoji, 0 for combining marks. `string-width` is loaded
 * when the first text needs it: its tables take longer to load than a plan of plain text takes to print.
 */
export function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  stringWidth ??= (requireModule("string-width") as { default: StringWidth }).default;
  return stringWidth(text);
}

/** Loads the tables for wide characters now: a long run has all of its code from the beginning. */
export function loadWidths(): void {
  width("é");
}

let segmenter: Intl.Segmenter | null = null;

/** The characters that a person sees, so that no emoji is cut in two. */
export function graphemes(text: string): string[] {
  if (/^[\x20-\x7e]*$/.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** Text from outside, without anything that could move the cursor, set colours or change the direction of writing. */
export function visible(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return text.replaceAll(/[^\P{Cc}\n]|\p{Cf}|[\u2028\u2029]/gu, (found) =>
    found === "\u200d" ? found : " ",
  );
}

/** A text cut to this many columns, with a mark. Only for live lines: permanent text is wrapped instead. */
export function cutTo(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let fitted = "";
  for (const character of graphemes(text)) {
    if (width(fitted) + width(character) > columns - 1) break;
    fitted += character;
  }
  return `${fitted}…`;
}
