import { basename, join, relative } from "node:path";
import type { Failure } from "../../core/act.ts";
import { firstFailure } from "../../core/first-failure.ts";
import type { HardFailure, SourceLines } from "../../core/records/brief.ts";
import type { RecipeReport } from "../../core/records/report.ts";
import {
  linesAround,
  lineThatNames,
  lineThatSays,
  sourceReferences,
} from "../../core/records/source-reference.ts";
import { cutLines } from "../../core/text/shown-lines.ts";
import { failedCommand, lastStamp, outputOfCommand, withoutStamps } from "../../core/text/step-output.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { folderAtLaunch, type Run } from "../../run/run.ts";
import { readContainedText } from "../../state/contained-file.ts";
import { isFolder } from "../../state/file-facts.ts";
import { exists, listFolder } from "../../state/files.ts";
import { readTail } from "../../state/read-tail.ts";

/** Facts about a failed test beyond its row. */
export interface TestFailure {
  failure: Failure | null;
  /** Time of the failure, in milliseconds since the epoch; null if it did not fail. */
  failedAt: number | null;
}

const LOG_BYTES = 1024 * 1024;
const SHOWN_LINES = 20;
/** The longest source file, in bytes. */
const LONGEST_SOURCE = 1024 * 1024;

/** The failure, as exactly as logs, commands and the files of the test and of the release show it. */
export function hardFailureOf(
  run: Run,
  row: RecipeReport,
  evidence: Evidence,
  { failure, failedAt }: TestFailure,
): HardFailure {
  const error = firstFailure(row);
  const step = stepOf(row, evidence);
  const what = failure?.step ?? row.promotion?.step ?? null;
  const command = step === null ? null : failedCommand(evidence.commands, step, what);
  const log = step === null ? null : join(evidence.folder, `${step}.log`);
  const text = log === null || !exists(log) ? "" : readTail(log, LOG_BYTES);
  const said = command === null ? waitedFor(text) : outputOfCommand(text, command.command);
  const ended = command === null ? failedAt : Date.parse(command.startedAt) + command.durationMs;
  const at = ended === null ? lastStamp(text) : new Date(ended).toISOString();
  return {
    step: what === null || what === step ? step : `${step ?? "before any step"}: ${what}`,
    at,
    command: command?.command ?? null,
    exitCode: command?.exitCode ?? null,
    timedOut: command?.timedOut ?? failure?.cause === "timeout",
    ...shownLines(said, error),
    log: text === "" ? null : log,
    source: sourceOf(run, row.recipe, said.join("\n"), error, what),
  };
}

// If no command failed, the step was waiting for something: its checkout explains nothing.
function waitedFor(log: string): string[] {
  return withoutStamps(log.split("\n")).filter((line) => !line.startsWith("$ git "));
}

function stepOf(row: RecipeReport, evidence: Evidence): string | null {
  const red = row.tiers.find((end) => end.status === "failed");
  if (red !== undefined) return red.tier;
  if (row.promotion !== null && row.promotion.result !== "promoted") return "promote";
  // A test cut short by machinery has no red tier: it ended in the last step with a command.
  return evidence.commands.findLast(({ step }) => step !== "teardown" && step !== "rollback")?.step ?? null;
}

/** The lines around the first error, or the last ones. */
function shownLines(said: readonly string[], error: string): Pick<HardFailure, "output" | "omitted"> {
  const at = said.findIndex((line) => error.includes(line.trim().slice(0, 100)) && line.trim().length > 3);
  const first = at < 0 ? said.length - SHOWN_LINES : at - SHOWN_LINES / 2;
  const from = Math.max(0, Math.min(first, said.length - SHOWN_LINES));
  const output = said.slice(from, from + SHOWN_LINES);
  return { output: cutLines(output), omitted: said.length - output.length };
}

function sourceOf(
  run: Run,
  recipe: string,
  said: string,
  error: string,
  what: string | null,
): SourceLines | null {
  const roots = [folderAtLaunch(run, recipe), ...checkoutsOf(run, recipe)];
  // A file that a container names by its own path is often mounted from the release's file of that name.
  for (const { file, line } of sourceReferences(`${said}\n${error}`)) {
    const found = readBelow(roots, file) ?? readBelow(roots.slice(1), basename(file));
    const lines = found === null ? null : linesAround(found.file, found.text, line);
    if (lines !== null) return lines;
  }
  return sourceOfTest(roots, what, said, error) ?? sourceOfRelease(roots, error);
}

// For a test that only prints its error, the line with the same words is its source.
function sourceOfTest(
  roots: readonly string[],
  what: string | null,
  said: string,
  error: string,
): SourceLines | null {
  const found = what?.includes("/") ? readBelow(roots, join("tests", what)) : null;
  if (found === null) return null;
  const line = lineThatSays(found.text, lineOf(said, error));
  return line === null ? null : linesAround(found.file, found.text, line);
}

function lineOf(said: string, error: string): string {
  return said.split("\n").find((line) => line.trim() !== "" && error.includes(line.trim())) ?? error;
}

function sourceOfRelease(roots: readonly string[], error: string): SourceLines | null {
  for (const root of roots.slice(1)) {
    const found = readBelow([root], "compose.yml");
    const line = found === null ? null : lineThatNames(found.text, error);
    if (found !== null && line !== null) return linesAround(found.file, found.text, line);
  }
  return null;
}

function readBelow(roots: readonly string[], file: string): { file: string; text: string } | null {
  for (const root of roots) {
    const path = file.startsWith("/") ? relative(root, file) : file;
    if (path === "" || path.split("/").includes("..") || !isFolder(root)) continue;
    try {
      const text = readContainedText(root, path, LONGEST_SOURCE);
      if (text !== null) return { file: path, text };
    } catch {
      // Not a source to quote: a link out of the folder, a pipe, an endless file.
    }
  }
  return null;
}

/** The checkouts of a recipe in this run, newest first: the scratch folder stays until the run ends. */
function checkoutsOf(run: Run, recipe: string): string[] {
  const apps = listFolder(run.scratch).map((app) => join(run.scratch, app, "checkouts"));
  return apps
    .filter(isFolder)
    .flatMap((folder) => listFolder(folder).map((number) => join(folder, number, recipe)))
    .filter(isFolder)
    .sort((a, b) => Number(basename(join(b, ".."))) - Number(basename(join(a, ".."))));
}
