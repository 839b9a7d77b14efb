import type { CommandResult } from "../command/run.ts";
import type { Failure } from "../core/act.ts";
import { formatDuration } from "../core/duration.ts";
import { maskAddress } from "./git-address.ts";

/** The parts of a failed git command from which its message is made. */
export type GitEnd = Pick<
  CommandResult,
  "exitCode" | "signal" | "timedOut" | "cancelled" | "notStarted" | "stderr"
>;

const LONGEST = 600;
const BOILERPLATE = [
  /^hint:/,
  /^warning:/,
  /^Please make sure you have the correct access rights/,
  /^and the repository exists\.$/,
  /^To /,
  /^remote:\s*$/,
];

/**
 * Says why a git command failed: git's own first `fatal:` or `error:` line, then the words of the server and ssh, on
 * one line and without credentials. A time-out names the limit and the last line seen.
 */
export function gitFailure(what: string, end: GitEnd, limit: { setting: string; limitMs: number }): Failure {
  const lines = spokenLines(end.stderr);
  if (end.notStarted !== null)
    return { cause: "machinery", step: what, message: `${what} could not be started: ${end.notStarted}` };
  if (end.cancelled) return { cause: "interrupted", step: what, message: `${what} was interrupted` };
  if (end.timedOut) {
    const lastSeen = lines.at(-1) ?? "nothing: git had not said a word";
    const limitText = `${formatDuration(limit.limitMs)} (${limit.setting})`;
    const message = `${what} did not end within ${limitText}; last seen: ${lastSeen}`;
    return { cause: "timeout", step: what, message, limitMs: limit.limitMs, lastSeen };
  }
  const code = end.exitCode === null ? `was ended by ${end.signal}` : `exited with ${end.exitCode}`;
  return { cause: "machinery", step: what, message: `${what} ${code}: ${gitWords(end.stderr)}` };
}

/** Git's own words from its standard error, the most telling line first. */
export function gitWords(stderr: string): string {
  const lines = spokenLines(stderr);
  const first = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1);
  if (first === undefined) return "git said nothing";
  const others = lines.filter((line) => line !== first);
  const words = others.length === 0 ? first : `${first} (${others.join("; ")})`;
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}

function spokenLines(stderr: string): string[] {
  return maskAddress(stderr)
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !BOILERPLATE.some((pattern) => pattern.test(line)));
}
