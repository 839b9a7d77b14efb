/** The words of docker's client that this program reads. Measured: clients and engines 20.10 and 28.5, in all pairs. */

const KIND = "(?:task|service|network|volume|container|secret|config|image|object)";

/**
 * A line about an object that is not there: 20.10 says it itself, 28 in the daemon's words. A context, a socket or a file
 * that cannot be found is something else.
 */
export const GONE = new RegExp(
  `^(?:Status: )?Error: No such ${KIND}: |^Error response from daemon: (?:.*\\bno such ${KIND}\\b|${KIND} \\S+ not found|.*\\bcode = NotFound\\b)`,
  "im",
);

/** A line about an object that something still uses. */
export const IN_USE = /^Error response from daemon: .*(?:in use|has active endpoints|is being used)/im;

/** Said by 28 after the errors of `network rm`: its exit code as a text. */
const ONLY_A_CODE = /^exit status \d+$/;

/** What docker prints before its error: it tells of progress, or of what a later one will do. */
const PROGRESS =
  /^(Creating|Updating|Removing|Ignoring|Since --detach|In a future release, --detach|expose: Exposing ports|container_name: Setting the|overall progress|verify|image .* could not be accessed|network .* is in use)/i;

/** The lines of a standard error that name an error each. */
export function errorLines(stderr: string): string[] {
  return nonEmpty(stderr).filter((line) => !ONLY_A_CODE.test(line.trim()));
}

/** The first line that is an error and no progress, else the last line; null for silence. */
export function firstErrorLine(output: string): string | null {
  const isError = (line: string) => !PROGRESS.test(line.trim()) && !ONLY_A_CODE.test(line.trim());
  const lines = nonEmpty(output);
  return lines.find(isError) ?? lines.at(-1) ?? null;
}

function nonEmpty(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
