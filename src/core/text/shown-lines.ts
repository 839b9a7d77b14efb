/** Number of a log's last lines that are shown, and characters of each. */
const LINES = 20;
const LONGEST = 2_000;

/** The end of a log, as shown in reports and briefs. */
export function shownLines(lines: readonly string[]): string[] {
  return cutLines(lines.slice(-LINES));
}

/** Lines from outside, each cut to a readable length. */
export function cutLines(lines: readonly string[]): string[] {
  return lines.map((line) => (line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`));
}
