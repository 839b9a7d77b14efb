/** A command of a step, from its record. */
export interface EndedCommand {
  step: string;
  command: string;
  exitCode: number | null;
  timedOut: boolean;
}

/**
 * The command with which a step failed: the last one that failed, or among several the first whose words name `what`
 * (the test, the act). Null if none failed: then the step was waiting for something.
 */
export function failedCommand<T extends EndedCommand>(
  commands: readonly T[],
  step: string,
  what: string | null,
): T | null {
  const failed = commands.filter((one) => one.step === step && (one.exitCode !== 0 || one.timedOut));
  const named = what === null ? undefined : failed.find(({ command }) => namesIt(command, what));
  return named ?? failed.at(-1) ?? null;
}

function namesIt(command: string, what: string): boolean {
  return command === what || command.endsWith(`/${what}`) || command.startsWith(`${what}: `);
}

const OURS = /^\d{4}-\d\d-\d\dT[\d:.]+Z ?/;

/** The output of a command in its step's log, without our time stamps; if it ran twice, of the last time. */
export function outputOfCommand(log: string, command: string): string[] {
  const lines = log.split("\n");
  const begin = lines.findLastIndex((line) => OURS.test(line) && line.replace(OURS, "") === `$ ${command}`);
  if (begin < 0) return [];
  const after = lines.slice(begin + 1);
  const end = after.findIndex((line) => OURS.test(line) && line.replace(OURS, "").startsWith("$ "));
  return withoutStamps(end < 0 ? after : after.slice(0, end));
}

/** The time of our last line in a log, ISO 8601; null if there is none. */
export function lastStamp(log: string): string | null {
  const line = log.split("\n").findLast((candidate) => OURS.test(candidate));
  return line === undefined ? null : (OURS.exec(line)?.[0].trim() ?? null);
}

/** The lines of a log without our time stamps and empty lines. */
export function withoutStamps(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(OURS, "").trimEnd()).filter((line) => line.trim() !== "");
}
