import type { Asking } from "../../command/step.ts";
import { oneLine } from "../../core/text/one-line.ts";
import { type Docker, nonEmptyLines } from "../docker.ts";

const TELLING =
  /error|fatal|panic|exception|denied|read-only|cannot|can't|could not|failed|no such|not found|refused|unable|busy|invalid/i;

/**
 * The line in which a container said why it ended: the last that mentions an error, else its last line. Null if it said
 * nothing or is gone.
 */
export async function lastWords(docker: Docker, container: string, asking: Asking): Promise<string | null> {
  const result = await docker.look(asking, ["logs", "--tail", "60", "--", container]);
  return result.ok ? tellingLine(`${result.stdout}\n${result.stderr}`) : null;
}

/** The last line that mentions an error, else the last line; null for an empty log. */
export function tellingLine(log: string): string | null {
  const lines = nonEmptyLines(log);
  const line = lines.findLast((candidate) => TELLING.test(candidate)) ?? lines.at(-1);
  return line === undefined ? null : oneLine(line);
}
