import { formatDuration } from "../core/duration.ts";
import type { Brief } from "../core/records/brief.ts";
import { escapeCode, escapeMarkdown } from "../core/text/escape-markdown.ts";
import { commandLines } from "./markdown-commands.ts";
import { failureSections } from "./markdown-failure.ts";
import { code, list, section } from "./markdown-parts.ts";

/** Further lines of a kind are counted; the JSON has them. */
const MOST_LINES = 40;
const LAST_LINES = 20;

/**
 * A brief as `brief.md`: the verdict and the hard failure first, then one command, then the rest. Text from outside is
 * made harmless, and omitted parts are counted.
 */
export function briefMarkdown(brief: Brief): string {
  const sections = [
    `# ${escapeMarkdown(brief.recipe)}: ${escapeMarkdown(brief.label)}`,
    ...failureSections(brief),
    section("To end it", brief.endedBy === null ? "" : code([brief.endedBy])),
    section("To see it again", code([brief.reproduce])),
    section("Since when", list(sinceOf(brief))),
    section("Differences from the last green", list(differsOf(brief))),
    section("Differences between cold (green) and warm", list(cut(brief.coldAndWarm).map(escapeMarkdown))),
    section("Tiers", list(tiersOf(brief))),
    section("Commands, in their order", list(commandLines(brief))),
    section("Services, when it failed", list(servicesOf(brief))),
    section("Names that others answer to as well", code(brief.names)),
    section("Last log lines", code(logLinesOf(brief))),
    section("Warnings that did not stop anything", list(cut(brief.warnings).map(escapeMarkdown))),
    section(
      "Ruled out",
      list(
        brief.ruledOut.map(({ what, evidence }) => `${escapeMarkdown(what)}: ${escapeMarkdown(evidence)}`),
      ),
    ),
    section(
      "Not known, and how to settle it",
      list(brief.notKnown.map(({ what, settledBy }) => `${escapeMarkdown(what)} → ${settled(settledBy)}`)),
    ),
    section("Scope", list(scopeOf(brief))),
    section("Artefacts", list(artefactsOf(brief))),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

function sinceOf({ since, failure }: Brief): string[] {
  const { at, errorBefore, lastGreen, run, runs, sameError } = since;
  const green =
    lastGreen === null
      ? "no green in the runs that are kept"
      : `last green: ${escapeMarkdown(lastGreen.label)}, run ${lastGreen.run}, ${lastGreen.at}`;
  if (sameError === null) return [`new in this run, ${at}`, green];
  const same = sameError
    ? "the run before it failed with the same first error"
    : `the run before it failed otherwise: ${escapeMarkdown(errorBefore ?? "")}; now: ${escapeMarkdown(failure)}`;
  return [`not green since run ${run}, ${at}: ${runs} runs in a row`, same, green];
}

function differsOf({ canonical, differs, tiers }: Brief): string[] {
  if (differs !== null) return cut(differs).map(escapeMarkdown);
  if (canonical === null && tiers.length > 0)
    return ["there is no green release of this recipe to compare with"];
  return [];
}

function tiersOf(brief: Brief): string[] {
  const ends = brief.tiers.map((end) => {
    const why = end.reason ?? (end.because === undefined ? "" : `because of ${end.because}`);
    const tests = (end.tests ?? [])
      .filter((test) => test.status !== "passed")
      .map(
        ({ name, reason = "", status }) =>
          `  - ${escapeMarkdown(name)}: ${status}${after(why.includes(reason) ? "" : reason)}`,
      );
    const line = end.status === "passed" ? end.status : `**${end.status.replace("-", " ")}**`;
    return [`${end.tier}: ${line} (${formatDuration(end.durationMs)})${after(why)}`, ...tests].join("\n");
  });
  return [...ends, ...brief.notPlanned.map(({ reason, tier }) => `${tier}: not planned${after(reason)}`)];
}

function after(reason: string): string {
  return reason === "" ? "" : `: ${escapeMarkdown(reason)}`;
}

function servicesOf(brief: Brief): string[] {
  return brief.services.flatMap((service) => [
    `${escapeMarkdown(service.service)}: ${escapeMarkdown(service.state)}`,
    ...cut(service.failedTasks).map((task) => `failed task: ${escapeMarkdown(task)}`),
  ]);
}

function logLinesOf(brief: Brief): string[] {
  return brief.services.flatMap(({ lastLogLines, service }) => {
    const lines = lastLogLines.slice(-LAST_LINES).map((line) => `${service}: ${line}`);
    const left = lastLogLines.length - lines.length;
    return left > 0 ? [`… ${left} lines before are left out …`, ...lines] : lines;
  });
}

function scopeOf({ canonical, environment, run, scope, target }: Brief): string[] {
  const lane = scope.lane === null ? "" : `, lane ${escapeMarkdown(scope.lane)}`;
  return [
    target === null
      ? "tested: nothing"
      : `tested: ${escapeMarkdown(target.version)}, commit ${target.commit}`,
    canonical === null
      ? "canonical: none"
      : `canonical: ${escapeMarkdown(canonical.version)}, commit ${canonical.commit}`,
    `run ${run}${scope.driver === null ? "" : `, driver ${scope.driver}`}${lane}`,
    `${escapeMarkdown(scope.program)}; tools: fingerprint ${environment}`,
    `configuration ${escapeCode(scope.configuration)}, state ${escapeCode(scope.state)}`,
  ];
}

function artefactsOf({ artefacts, artefactsOmitted, evidence }: Brief): string[] {
  return [
    `the folder ${escapeCode(evidence)}${artefacts.length === 0 ? "" : ", in it:"}`,
    ...artefacts.map(({ path, bytes }) => `${escapeCode(path.slice(evidence.length + 1))}, ${bytes} bytes`),
    ...(artefactsOmitted > 0 ? [`… and ${artefactsOmitted} more files`] : []),
  ];
}

function cut(lines: readonly string[]): string[] {
  const left = lines.length - MOST_LINES;
  return left > 0 ? [...lines.slice(0, MOST_LINES), `… and ${left} more, in brief.json`] : [...lines];
}

// Backquotes enclose commands; the rest is prose.
function settled(text: string): string {
  const command = /^([^`]*)`([^`]*)`$/.exec(text);
  return command === null
    ? escapeMarkdown(text)
    : `${escapeMarkdown(command[1] ?? "")} ${escapeCode(command[2] ?? "")}`.trim();
}
