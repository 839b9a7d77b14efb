import { join } from "node:path";
import { createRedactor } from "../core/secrets/redactor.ts";
import { visible } from "../core/text/visible.ts";
import type { LogView } from "../page/log-page.ts";
import type { Hit } from "../page/test-page.ts";
import { type EvidenceFile, listEvidence, readEnd } from "../state/evidence-files.ts";
import type { StatePaths } from "../state/paths.ts";

/** Bytes shown from the end of a log. */
const LONGEST_LOG = 4 * 1024 * 1024;
/** Bytes read by a search through all logs. */
const LONGEST_SEARCH = 16 * 1024 * 1024;
/** Lines per page, and hits per page. */
const LINES = 500;
const MOST_HITS = 200;
/** A longer line is cut when shown. */
const LONGEST_LINE = 4000;

/** The files that a recipe's test has left in a run. */
export function logsOf(state: StatePaths, run: string, recipe: string): EvidenceFile[] {
  return listEvidence(state.run(run).recipe(recipe));
}

/**
 * The text of a log, without anything that looks like a secret and without terminal codes, which `curl` would pass to
 * the operator's terminal; null if there is no log of this name.
 */
export function logText(state: StatePaths, run: string, recipe: string, path: string): LogText | null {
  const isThere = logsOf(state, run, recipe).some((file) => file.path === path);
  const end = isThere ? readEnd(state.runs, join(run, recipe, path), LONGEST_LOG) : null;
  if (end === null) return null;
  // Text written by a running command itself is not redacted yet.
  const text = visible(createRedactor().redact(end.text));
  const before = end.leftOut === 0 ? "" : `… ${end.leftOut} bytes before this are in the file only …\n`;
  return { text: before + text, bytes: end.bytes };
}

export interface LogText {
  text: string;
  bytes: number;
}

type Lines = LogView["lines"];

/** The part of a log for a page: around a line, the lines that contain a text, or the end. */
export function linesOf(
  { text }: LogText,
  { line, wanted }: { line: number | null; wanted: string },
): Pick<LogView, "lines" | "earlier" | "later" | "isSearch" | "isCut"> {
  const all = splitLines(text);
  if (wanted !== "") {
    const hits = all.filter((each) => has(each.text, wanted));
    return {
      lines: hits.slice(0, MOST_HITS),
      earlier: null,
      later: null,
      isSearch: true,
      isCut: hits.length > MOST_HITS,
    };
  }
  const first = line === null ? Math.max(0, all.length - LINES) : clamp(line - 1 - 20, all.length);
  const lines = all.slice(first, first + LINES);
  return {
    lines,
    earlier: first === 0 ? null : Math.max(1, first - LINES + 21),
    later: first + LINES >= all.length ? null : first + LINES + 21,
    isSearch: false,
    isCut: false,
  };
}

function splitLines(text: string): Lines {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, index) => ({
    number: index + 1,
    text: line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line,
  }));
}

function clamp(index: number, length: number): number {
  return Math.min(Math.max(0, index), Math.max(0, length - 1));
}

function has(line: string, wanted: string): boolean {
  return line.toLowerCase().includes(wanted.toLowerCase());
}

/** The lines of all logs of a recipe in a run that contain a text. */
export function searchLogs(
  state: StatePaths,
  run: string,
  recipe: string,
  wanted: string,
): { hits: Hit[]; isCut: boolean } {
  const hits: Hit[] = [];
  let read = 0;
  for (const { path, bytes } of logsOf(state, run, recipe)) {
    read += Math.min(bytes, LONGEST_LOG);
    if (read > LONGEST_SEARCH || hits.length > MOST_HITS) break;
    const log = logText(state, run, recipe, path);
    for (const { number, text } of log === null ? [] : splitLines(log.text))
      if (has(text, wanted)) hits.push({ path, line: number, text });
  }
  return { hits: hits.slice(0, MOST_HITS), isCut: hits.length > MOST_HITS || read > LONGEST_SEARCH };
}
