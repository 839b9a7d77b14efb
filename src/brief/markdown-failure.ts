import type { Brief } from "../core/records/brief.ts";
import { escapeCode, escapeMarkdown } from "../core/text/escape-markdown.ts";
import { code, list, section } from "./markdown-parts.ts";

/** The sections to read first: the hard failure with its source, and the known facts about its cause. */
export function failureSections(brief: Brief): string[] {
  const { hardFailure } = brief;
  return [
    section(
      "The hard failure",
      [code([brief.failure]), placeOf(brief)].filter((text) => text !== "").join("\n\n"),
    ),
    sourceSection(hardFailure),
    outputSection(hardFailure),
    knownSection(brief),
    causeSection(brief),
  ];
}

function placeOf({ hardFailure }: Brief): string {
  const { at, command, exitCode, log, step, timedOut } = hardFailure;
  const end = timedOut ? "ended by its limit" : exitCode === null ? "ended by a signal" : `exit ${exitCode}`;
  return list([
    ...(step === null ? [] : [`at: ${escapeMarkdown(step)}`]),
    ...(at === null ? [] : [`time: ${at}`]),
    ...(command === null ? [] : [`command: ${escapeCode(command)}, ${end}`]),
    ...(log === null ? [] : [`log: ${escapeCode(log)}`]),
  ]);
}

function sourceSection({ source }: Brief["hardFailure"]): string {
  if (source === null) return "";
  const width = String(source.lines.at(-1)?.number ?? "").length;
  const lines = source.lines.map(
    ({ number, text }) => `${number === source.line ? ">" : " "} ${String(number).padStart(width)}  ${text}`,
  );
  return section(`${escapeMarkdown(source.file)}, line ${source.line}`, code(lines));
}

function outputSection({ omitted, output }: Brief["hardFailure"]): string {
  if (output.length === 0) return "";
  const left = omitted === 0 ? [] : [`… ${omitted} more lines are in the log …`];
  return section("Output", code([...output, ...left]));
}

function knownSection({ knownCause }: Brief): string {
  if (knownCause === undefined) return "";
  const { cause, expired, id, link, owner, until } = knownCause;
  const end = expired ? `**past its date, ${escapeMarkdown(until)}**` : `until ${escapeMarkdown(until)}`;
  return section(
    "A known cause",
    list([
      `${escapeMarkdown(id)}: ${escapeMarkdown(cause)}`,
      `owner ${escapeMarkdown(owner)}, ${end}`,
      `link: ${escapeCode(link)}`,
    ]),
  );
}

function causeSection({ cause }: Brief): string {
  if (cause === undefined) return "";
  return section(
    "The cause, by `investigate`",
    list([
      `${escapeMarkdown(cause.cause)}: ${escapeMarkdown(cause.confidence)}`,
      `runs: ${cause.runs.map(escapeMarkdown).join(", ")}`,
      `next: ${escapeMarkdown(cause.next)}`,
    ]),
  );
}
