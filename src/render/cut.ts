import { graphemes, width } from "./width.ts";

/** A text cut to so many columns, the cut marked. For live lines only: what stands for good is wrapped instead. */
export function cutTo(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let fitted = "";
  for (const character of graphemes(text)) {
    if (width(fitted) + width(character) > columns - 1) break;
    fitted += character;
  }
  return `${fitted}…`;
}
