import { nextCommand } from "../core/view/next-command.ts";
import type { LogView } from "../page/log-page.ts";
import type { TestView } from "../page/test-page.ts";
import { readRun } from "../report/run-store.ts";
import { whoIsAtWork } from "../report/who-is-at-work.ts";
import { briefOf } from "./brief.ts";
import { journalOf, spansOf } from "./journal.ts";
import { linesOf, logsOf, logText, searchLogs } from "./logs.ts";
import { footFacts, type SiteSource } from "./source.ts";

/** One recipe in one run; null where the run did nothing with it. */
export async function testView(
  source: SiteSource,
  run: string,
  recipe: string,
  wanted: string,
): Promise<TestView | null> {
  const { state, clock } = source;
  const reading = readRun(state, run);
  const journal = journalOf(state, run);
  const row =
    reading.state === "read" ? (reading.report.recipes.find((each) => each.recipe === recipe) ?? null) : null;
  const isRunning = whoIsAtWork(state)?.run === run;
  const logs = logsOf(state, run, recipe);
  if (row === null && logs.length === 0 && !journal.some((line) => line.recipe === recipe)) return null;
  const isAtWork = isRunning && !journal.some((line) => line.recipe === recipe && line.event === "labelled");
  return {
    run,
    recipe,
    row,
    command: row?.needsHuman ? nextCommand(row, run) : null,
    isAtWork,
    spans: spansOf(journal, recipe, isAtWork ? clock.now() : null),
    logs,
    search: wanted === "" ? null : { wanted, ...searchLogs(state, run, recipe, wanted) },
    brief: await briefOf(state, run, recipe),
    problems: reading.state === "unreadable" ? [reading.problem] : [],
    facts: footFacts(source),
  };
}

/** A log on a page; null where there is none of this name. */
export function logView(
  source: SiteSource,
  log: { run: string; recipe: string; path: string },
  asked: { line: number | null; wanted: string; follows: boolean },
): LogView | null {
  const text = logText(source.state, log.run, log.recipe, log.path);
  if (text === null) return null;
  return {
    ...log,
    ...linesOf(text, asked),
    bytes: text.bytes,
    wanted: asked.wanted,
    follows: asked.follows,
    facts: footFacts(source),
  };
}
