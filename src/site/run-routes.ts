import { reportView } from "../core/view/report-view.ts";
import { investigationPage } from "../page/investigation-page.ts";
import { type LogView, logPage } from "../page/log-page.ts";
import { noticePage } from "../page/notice-page.ts";
import { runsPage } from "../page/runs-page.ts";
import { sweepPage } from "../page/sweep-page.ts";
import { testPage } from "../page/test-page.ts";
import { unfinishedPage } from "../page/unfinished-page.ts";
import { readInvestigation } from "../report/investigations.ts";
import { whyItGaveUp } from "../report/no-report.ts";
import { readRun } from "../report/run-store.ts";
import { type Answer, type Asked, jsonAnswer, textAnswer } from "./answer.ts";
import { markdownIn } from "./brief.ts";
import { investigatedLine } from "./investigations.ts";
import { journalOf } from "./journal.ts";
import { logText } from "./logs.ts";
import { recipeIn, runIn } from "./names.ts";
import { notFound, type SiteParts } from "./parts.ts";
import { footFacts } from "./source.ts";
import { logView, testView } from "./test.ts";

/** `/runs`, `/runs/<run>`, `/runs/<run>/<recipe>` and its logs, also as JSON. */
export async function answerRun(
  parts: SiteParts,
  asked: Asked,
  words: readonly string[],
): Promise<Answer | null> {
  const isJson = asked.path.endsWith(".json");
  const [first, second, third, ...path] = words;
  if (first === undefined) return answerRuns(parts, isJson);
  const run = runIn(second === undefined ? withoutJson(first) : first);
  if (run === null) return notFound(parts, "This is no id of a run.");
  if (second === undefined)
    return (await answerInvestigation(parts, run, isJson)) ?? answerSweep(parts, run, isJson);
  const recipe = recipeIn(third === undefined ? withoutJson(second) : second);
  if (recipe === null) return notFound(parts, "This is no name of a recipe.");
  if (third === undefined) return answerTest(parts, asked, run, recipe, isJson);
  const log = { run, recipe, path: path.join("/") };
  if (third === "logs") return answerLog(parts, asked, log);
  if (third === "raw") return answerRaw(parts, log);
  return null;
}

function withoutJson(word: string): string {
  return word.replace(/\.json$/, "");
}

function answerRuns({ page, source, standings }: SiteParts, isJson: boolean): Answer {
  const runs = standings.runs();
  if (isJson) return jsonAnswer({ schema: 1, runs });
  const [now, atWork] = [source.clock.now(), standings.atWork()];
  return page(runsPage({ now, atWork, runs, facts: footFacts(source) }));
}

function answerSweep(parts: SiteParts, run: string, isJson: boolean): Answer {
  const { page, source, standings } = parts;
  const reading = readRun(source.state, run);
  if (reading.state === "unreadable")
    return page(noticePage("The report cannot be read", reading.problem, footFacts(source)), 500);
  if (reading.state === "absent") return answerUnfinished(parts, run, isJson);
  const { report } = reading;
  if (isJson) return jsonAnswer(report);
  const view = reportView(report, ({ recipe }) => {
    const standing = standings.status().rows.find((each) => each.row.recipe === recipe);
    const { since = null, past = [] } = standing?.run === run ? standing : {};
    const investigated = investigatedLine(standings.investigations(), recipe, run);
    return { since: since === report.endedAt ? null : since, past, investigated };
  });
  const frame = sweepPage(view, "server");
  return page({ ...frame, current: "runs", facts: [...frame.facts, ...footFacts(source).slice(2)] });
}

// An investigation has its own document instead of a report.
async function answerInvestigation(
  { page, source }: SiteParts,
  run: string,
  isJson: boolean,
): Promise<Answer | null> {
  const reading = readInvestigation(source.state, run);
  if (reading.state !== "read") return null;
  const investigation = reading.value;
  if (isJson) return jsonAnswer(investigation);
  const content = await markdownIn(source.state, run, "investigation.md");
  return page(investigationPage({ investigation, content, facts: footFacts(source) }));
}

// A run without a report is at work, gave up, or was cut short.
function answerUnfinished(parts: SiteParts, run: string, isJson: boolean): Answer {
  const { source, standings } = parts;
  const journal = journalOf(source.state, run);
  const atWork = standings.atWork();
  const isAtWork = atWork?.run === run;
  if (journal.length === 0 && !isAtWork) return notFound(parts, `There is no run ${run}.`);
  const events = journal.map(({ ts, event, recipe }) => ({ ts, event, recipe: recipe ?? null }));
  if (isJson) return jsonAnswer({ schema: 1, run, atWork: isAtWork, events });
  return parts.page(
    unfinishedPage({
      run,
      atWork: isAtWork ? atWork : null,
      gaveUp: whyItGaveUp(source.state, run),
      events,
      now: source.clock.now(),
      facts: footFacts(source),
    }),
  );
}

async function answerTest(
  parts: SiteParts,
  { query }: Asked,
  run: string,
  recipe: string,
  isJson: boolean,
): Promise<Answer> {
  const view = await testView(parts.source, run, recipe, query.get("q") ?? "");
  if (view === null) return notFound(parts, `Run ${run} did nothing with a recipe '${recipe}'.`);
  if (!isJson) return parts.page(testPage(view));
  const { facts: _facts, brief: _brief, ...document } = view;
  return jsonAnswer({ schema: 1, ...document });
}

type Log = Pick<LogView, "run" | "recipe" | "path">;

function answerLog(parts: SiteParts, { query }: Asked, log: Log): Answer {
  const line = Number(query.get("line") ?? "");
  const view = logView(parts.source, log, {
    line: Number.isSafeInteger(line) && line > 0 ? line : null,
    wanted: query.get("q") ?? "",
    follows: query.has("follow"),
  });
  return view === null ? notFound(parts, "There is no such log.") : parts.page(logPage(view));
}

function answerRaw(parts: SiteParts, { run, recipe, path }: Log): Answer {
  const log = logText(parts.source.state, run, recipe, path);
  return log === null ? notFound(parts, "There is no such log.") : textAnswer(log.text);
}
