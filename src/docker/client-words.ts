/** Messages of docker's client that this program reads. Measured: clients and engines 20.10 and 28.5, in all pairs. */

const KIND = "(?:task|service|network|volume|container|secret|config|image|object)";

/**
 * A line about a missing object: in the client's words (20.10) or the daemon's (28). A missing context, socket or file
 * does not match.
 */
export const GONE = new RegExp(
  `^(?:Status: )?Error: No such ${KIND}: |^Error response from daemon: (?:.*\\bno such ${KIND}\\b|${KIND} \\S+ not found|.*\\bcode = NotFound\\b)`,
  "im",
);

/** A line about an object that is still in use. */
export const IN_USE = /^Error response from daemon: .*(?:in use|has active endpoints|is being used)/im;

/** Client 28 prints this after the errors of `network rm`: its exit code as a text. */
const ONLY_A_CODE = /^exit status \d+$/;

/** Lines that docker prints before its error: progress, and notices about later releases. */
const PROGRESS =
  /^(Creating|Updating|Removing|Ignoring|Since --detach|In a future release, --detach|expose: Exposing ports|container_name: Setting the|overall progress|verify|image .* could not be accessed|network .* is in use)/i;

/** The lines of a standard error that each name an error. */
export function errorLines(stderr: string): string[] {
  return nonEmpty(stderr).filter((line) => !ONLY_A_CODE.test(line.trim()));
}

/** The first line that is an error and not progress, else the last line; null for empty output. */
export function firstErrorLine(output: string): string | null {
  const isError = (line: string) => !PROGRESS.test(line.trim()) && !ONLY_A_CODE.test(line.trim());
  const lines = nonEmpty(output);
  return lines.find(isError) ?? lines.at(-1) ?? null;
}

function nonEmpty(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
