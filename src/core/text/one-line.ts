/** Text from outside on one line, without control characters; a cut is marked. */
export function oneLine(text: string, longest = 240): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  // A character has at most two code units, so no more than this is split.
  const characters = [...line.slice(0, 2 * longest + 2)];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join("")}…`;
}
