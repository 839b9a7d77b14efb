import { formatDuration } from "../core/duration.ts";
import type { Brief } from "../core/records/brief.ts";
import { escapeCode } from "../core/text/escape-markdown.ts";

/** Further commands are counted; `commands.jsonl` has them. */
const MOST_LINES = 40;
/** The program's own commands: if they succeed they say nothing about the recipe. */
const OWN = /^(?:git|\/\S*\/(?:sync|cp|restic|tar)) /;

type Command = Brief["commands"][number];

/** The commands in order, with exit code and time, and those that were not reached; omitted ones are counted. */
export function commandLines(brief: Brief): string[] {
  const { commands, evidence, notReached, tiers } = brief;
  const told = commands.filter((command) => !isOwn(command));
  const lines = told.map((command) => describe(command, command === told[whereItBroke(brief, told)]));
  const left = lines.length - MOST_LINES;
  if (left > 0) lines.splice(MOST_LINES / 2, left, `… ${left} commands are left out here`);
  const omitted = commands.length - told.length + Math.max(0, left);
  return [
    ...lines,
    ...notReached.map((tier) => `**not reached**: the commands of ${tier}`),
    ...(omitted === 0
      ? []
      : [
          `${omitted} more, of the program itself for the most part: ${escapeCode(`${evidence}/commands.jsonl`)}`,
        ]),
    ...(commands.length === 0 && tiers.length === 0 ? ["none: nothing was tested"] : []),
  ];
}

function isOwn({ command, exitCode }: Command): boolean {
  return exitCode === 0 && OWN.test(command);
}

function whereItBroke({ hardFailure }: Brief, commands: readonly Command[]): number {
  const { at, command } = hardFailure;
  if (at === null || command === null) return -1;
  const end = Date.parse(at);
  return commands.findIndex(
    (each) => each.command === command && Date.parse(each.startedAt) + each.durationMs === end,
  );
}

function describe(command: Command, isIt: boolean): string {
  const end = command.timedOut
    ? "its limit"
    : command.exitCode === null
      ? "ended"
      : `exit ${command.exitCode}`;
  const shown = isIt ? `**${end}: here it broke**` : end;
  const at = command.startedAt.slice(11, 19);
  return `${at} ${command.step}: ${escapeCode(command.command)} (${shown}, ${formatDuration(command.durationMs)})`;
}
