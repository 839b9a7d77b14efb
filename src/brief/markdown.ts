import { formatDuration } from "../core/duration.ts";
import { escapeCode, escapeMarkdown } from "../core/escape-markdown.ts";
import type { Brief } from "./brief.ts";

/** A brief as `brief.md`: readable in a minute, everything from outside made harmless. */
export function briefMarkdown(brief: Brief): string {
  const sections = [
    `# ${brief.recipe}: ${escapeMarkdown(brief.label)}`,
    section("What broke", code([brief.failure])),
    section("Scope", list(scopeOf(brief))),
    section("Tiers", list(tiersOf(brief))),
    section("Commands, in their order", list(commandsOf(brief))),
    section("Services at the end", list(servicesOf(brief))),
    section("Last log lines", code(logLinesOf(brief))),
    section("Warnings that did not stop anything", list(brief.warnings.map(escapeMarkdown))),
    section("Not known", list(brief.notKnown.map(escapeMarkdown))),
    section("To see it again", code([brief.reproduce])),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

function scopeOf(brief: Brief): string[] {
  const { target, canonical } = brief;
  return [
    `run ${brief.run}, environment ${brief.environment}`,
    target === null
      ? "nothing was tested"
      : `tested: ${escapeMarkdown(target.version)}, commit ${target.commit}`,
    canonical === null
      ? "canonical: none"
      : `canonical: ${escapeMarkdown(canonical.version)}, commit ${canonical.commit}`,
    `evidence: the folder \`${brief.evidence}\` of the run`,
  ];
}

function tiersOf(brief: Brief): string[] {
  return brief.tiers.map((end) => {
    const why = end.reason ?? (end.because === undefined ? "" : `because of ${end.because}`);
    return `${end.tier}: ${end.status} (${formatDuration(end.durationMs)})${why === "" ? "" : `: ${escapeMarkdown(why)}`}`;
  });
}

function commandsOf(brief: Brief): string[] {
  return brief.commands.map((command) => {
    const end = command.timedOut ? "its limit" : `exit ${command.exitCode}`;
    return `${command.startedAt} ${command.step}: ${escapeCode(command.command)} (${end}, ${formatDuration(command.durationMs)})`;
  });
}

function servicesOf(brief: Brief): string[] {
  return brief.services.flatMap((service) => [
    `${escapeMarkdown(service.service)}: ${escapeMarkdown(service.state)}`,
    ...service.failedTasks.map((task) => `failed: ${escapeMarkdown(task)}`),
  ]);
}

function logLinesOf(brief: Brief): string[] {
  return brief.services.flatMap((service) =>
    service.lastLogLines.map((line) => `${service.service}: ${line}`),
  );
}

function section(title: string, body: string): string {
  return body === "" ? "" : `## ${title}\n\n${body}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

// An indented block takes any text as it is, whatever fences stand in it.
function code(lines: readonly string[]): string {
  return lines.map((line) => `    ${line.replace(/\p{Cc}/gu, " ")}`).join("\n");
}
