import { formatDuration } from "../core/duration.ts";
import type { Investigation } from "../core/records/investigation.ts";
import { escapeMarkdown } from "../core/text/escape-markdown.ts";

/** An investigation as `investigation.md`, with text from outside made harmless. */
export function investigationMarkdown(document: Investigation): string {
  const { recipe, release, cause, because, confidence, next, raise, red } = document;
  const sections = [
    `# ${recipe} ${escapeMarkdown(release.version)}: ${cause}`,
    escapeMarkdown(because),
    `## Next\n\n- for ${next.who}: ${escapeMarkdown(next.what)}${next.command === null ? "" : `\n- \`${next.command}\``}`,
    `## What was red\n\n- run ${red.run}: ${escapeMarkdown(red.label)}\n- first error: ${escapeMarkdown(red.firstError)}`,
    `## Confidence\n\n${confidenceOf(confidence)
      .map((line) => `- ${line}\n`)
      .join("")}${raise === null ? "" : `- what would raise it: ${escapeMarkdown(raise)}\n`}`,
    `## Runs\n\n${runsTable(document)}`,
    document.lint.length === 0
      ? ""
      : `## Lint\n\n${document.lint.map((line) => `- ${escapeMarkdown(line)}\n`).join("")}`,
    notPossibleOf(document),
    `## The host\n\n${hostOf(document)
      .map((line) => `- ${line}\n`)
      .join("")}`,
  ];
  return `${sections
    .filter((text) => text !== "")
    .map((text) => text.trimEnd())
    .join("\n\n")}\n`;
}

/** The counts, and the chance that they mislead, a line each. */
export function confidenceOf({ counts, chance, evenFlake }: Investigation["confidence"]): string[] {
  if (chance !== null)
    return [...counts, `such a difference between the kinds of runs is chance at most ${onceIn(chance)}`];
  if (evenFlake === null) return counts;
  const { reds } = evenFlake;
  const all = reds === 1 ? "that run" : `all ${reds} runs`;
  return [
    ...counts,
    `a flake that is green every other time would be red in ${all} ${onceIn(evenFlake.chance)}`,
  ];
}

function onceIn(chance: number): string {
  return `once in ${Math.round(1 / chance)}`;
}

/** How busy the host was, a line each. */
export function hostOf({ isolation, load }: Investigation): string[] {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const waited = isolation.waitedForDisk;
  return [
    `${isolation.isolated ? "idle" : "busy"} at the beginning: others used ${percent(isolation.foreign)} of the processors (limit ${percent(isolation.busyAbove)})${waited === null ? "" : `, tasks waited for the disk ${percent(waited)} of the time`}; load average ${isolation.loadAverage} per core`,
    ...(load === null
      ? []
      : [
          `under load: ${load.workers} workers and a writer, ${percent(load.busy)} of the processors in use, ${Math.round(load.writtenBytes / 2 ** 20)} MiB written`,
        ]),
  ];
}

function runsTable({ runs }: Investigation): string {
  const rows = runs.map(
    ({ id, version, tests, outcome, host, durationMs, firstError }) =>
      `| ${id} | ${escapeMarkdown(version)} | ${tests} | ${outcome} | ${host.isolated ? "alone" : "busy"} | ${formatDuration(durationMs)} | ${escapeMarkdown(firstError ?? "").replaceAll("|", "\\|")} |\n`,
  );
  return `| run | release | tests | ended | host | took | first error |\n| --- | --- | --- | --- | --- | --- | --- |\n${rows.join("")}`;
}

function notPossibleOf({ notPossible }: Investigation): string {
  if (notPossible.length === 0) return "";
  return `## Not possible\n\n${notPossible.map(({ kind, reason }) => `- ${kind}: ${escapeMarkdown(reason)}\n`).join("")}`;
}
