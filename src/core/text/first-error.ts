import { oneLine } from "./one-line.ts";

const TELLING =
  /error|fatal?\b|cannot|can't|fail(?:ed|ure)|not found|denied|no such|exception|refused|unable|mismatch|expected/i;

/** The first line that mentions an error, else the last nonempty line; null for empty output. */
export function firstError(output: string): string | null {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((candidate) => TELLING.test(candidate)) ?? lines.at(-1);
  return line === undefined ? null : oneLine(line);
}
