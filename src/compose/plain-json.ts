import type { Value } from "./form.ts";

/**
 * A value as ASCII JSON that every reader of YAML reads alike: all texts and keys in double quotes, every other
 * character escaped, and no `$` that Docker's client would fill in.
 */
export function toPlainJson(value: Value): string {
  if (typeof value === "string") return quoted(value.replaceAll("$", "$$$$"));
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => toPlainJson(item)).join(",")}]`;
  // Docker fills variables into values, but not into keys.
  const pairs = Object.entries(value).map(([key, item]) => `${quoted(key)}:${toPlainJson(item)}\n`);
  return `{${pairs.join(",")}}`;
}

function quoted(text: string): string {
  const escaped = Array.from(text.toWellFormed(), (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f && character !== '"' && character !== "\\") return character;
    const digits = code.toString(16);
    return code > 0xffff ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
  });
  return `"${escaped.join("")}"`;
}
