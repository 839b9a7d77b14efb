/** So many of a log's last lines are shown, and so much of each, in characters. */
const LINES = 20;
const LONGEST = 2_000;

/** The end of a log, as reports and briefs have it. */
export function shownLines(lines: readonly string[]): string[] {
  return cutLines(lines.slice(-LINES));
}

/** Lines of others, none of them longer than somebody reads. */
export function cutLines(lines: readonly string[]): string[] {
  return lines.map((line) => (line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`));
}
