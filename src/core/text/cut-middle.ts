/** A text of at most `most` characters: its first and last lines, with a line between them that says so. */
export function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.max(0, Math.floor(most / 2) - NOTE_CHARACTERS);
  const head = toLineEnd(text.slice(0, half));
  const tail = fromLineBegin(text.slice(text.length - half));
  return `${head}\n… ${text.length - head.length - tail.length} characters were left out here …\n${tail}`;
}

/** No note is longer. */
const NOTE_CHARACTERS = 40;

// A line longer than the kept part is cut in two.
function toLineEnd(text: string): string {
  const end = text.lastIndexOf("\n");
  return end < 0 ? text : text.slice(0, end);
}

function fromLineBegin(text: string): string {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(end + 1);
}
