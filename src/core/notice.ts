import { type Down, downLine, MEND_COMMAND } from "./down.ts";
import { EXIT } from "./exit.ts";
import { honestyLine } from "./label/honesty.ts";
import { isOutcome, outcomeOfRow } from "./label/label.ts";
import type { RowOutcome } from "./outcome.ts";
import type { RecipeReport, Report } from "./records/report.ts";
import { changesOf } from "./view/report-view.ts";

export const NOTICE_SCHEMA = 1;

/** What a receiver of notifications is told of a sweep. */
export interface Notice {
  schema: typeof NOTICE_SCHEMA;
  /** `test`: it was asked for by hand, and says nothing of any recipe. */
  event: "sweep" | "test";
  /** One line: the verdict. */
  title: string;
  /** Several lines: the honesty line, what to do first, what changed. */
  text: string;
  /** `good`: nothing asks for a person. */
  verdict: "good" | "attention" | "failure";
  run: string;
  exit: number;
  hollow: boolean;
  honesty: Report["honesty"] | null;
  changes: Report["changes"];
  needsHuman: { recipe: string; label: string; outcome: RowOutcome | null; command: string }[];
  /** Live canonicals that are down, or not known to be up. */
  down: (Down & { command: string })[];
}

/** When a receiver wants to hear of a sweep. */
export type NoticeTime = "change" | "always" | "failure";

/** A text has no more rows; the report has all. */
const MOST_ROWS = 20;

/** A title has no more names. */
const MOST_NAMES = 5;

/** What is said of a sweep; `commandOf` gives the one command with which a person begins on a row. */
export function noticeOf(report: Report, commandOf: (row: RecipeReport) => string): Notice {
  const needsHuman = report.recipes
    .filter((row) => row.needsHuman)
    .map((row) => ({
      recipe: row.recipe,
      label: row.label,
      outcome: outcomeOfRow(row),
      command: commandOf(row),
    }));
  const { run, exit, honesty, changes } = report;
  const down = (report.down ?? []).map((each) => ({ ...each, command: MEND_COMMAND }));
  const facts = { run, exit, hollow: honesty.hollow, honesty, changes, needsHuman, down };
  const title = titleOf(report, needsHuman.length);
  const text = textOf(report, needsHuman);
  return { schema: NOTICE_SCHEMA, event: "sweep", title, text, verdict: verdictOf(report), ...facts };
}

/** A notice that only shows that it arrives. */
export function testNotice(run: string): Notice {
  return {
    schema: NOTICE_SCHEMA,
    event: "test",
    title: "canonical-sweep: a test",
    text: "A test of canonical-sweep's notifications: it arrives.",
    verdict: "good",
    run,
    exit: EXIT.ok,
    hollow: false,
    honesty: null,
    changes: [],
    needsHuman: [],
    down: [],
  };
}

/** No sweep could be made at all: the surroundings failed before it began. */
export function faultNotice(headline: string, nextStep: string): Notice {
  return {
    ...testNotice(""),
    event: "sweep",
    title: "canonical-sweep: no sweep could be made",
    text: `${headline}\n\nTo do first:\n${nextStep}`,
    verdict: "failure",
    exit: EXIT.machinery,
  };
}

/**
 * Whether this sweep is told to a receiver. A first sweep, a hollow one, broken machinery and a live canonical that is
 * down are told whatever changed.
 */
export function isToBeTold(when: NoticeTime, report: Report, isFirst: boolean): boolean {
  if (when === "always") return true;
  if (when === "failure") return report.exit !== EXIT.ok;
  if (isAnyDown(report)) return true;
  return isFirst || report.changes.length > 0 || report.honesty.hollow || report.exit === EXIT.machinery;
}

/**
 * What the heartbeat is told of a sweep. A success is earned: never for a hollow sweep, nor where machinery stopped it,
 * which are failures; one that was interrupted or asked to stop says nothing, so that the monitor misses it.
 */
export function heartbeatOf(report: Report): "success" | "failure" | null {
  if (report.honesty.hollow) return "failure";
  if (report.exit === EXIT.machinery) return "failure";
  if (report.exit !== EXIT.ok && report.exit !== EXIT.findings) return null;
  return report.recipes.some((row) => isOutcome(row, "NOT-RUN", "interrupted", "stopped")) ? null : "success";
}

/** A template with `{title}`, `{text}`, `{verdict}` and `{run}` filled in, in each of its texts. */
export function fillTemplate(template: unknown, notice: Notice): unknown {
  if (typeof template === "string")
    return template.replaceAll(/\{(title|text|verdict|run)\}/g, (_, name: "title") => notice[name]);
  if (Array.isArray(template)) return template.map((each) => fillTemplate(each, notice));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, fillTemplate(value, notice)]),
  );
}

function verdictOf(report: Report): Notice["verdict"] {
  if (report.honesty.hollow || report.exit === EXIT.machinery || isAnyDown(report)) return "failure";
  return report.recipes.some((row) => row.needsHuman) ? "attention" : "good";
}

function isAnyDown({ down }: Report): boolean {
  return down !== undefined && down.length > 0;
}

function titleOf(report: Report, acts: number): string {
  const down = (report.down ?? []).map(({ recipe }) => recipe);
  if (down.length > 0)
    return `canonical-sweep: DOWN: ${down.slice(0, MOST_NAMES).join(", ")}${down.length > MOST_NAMES ? " …" : ""}`;
  if (report.honesty.hollow) return "canonical-sweep: HOLLOW, the sweep proves nothing";
  if (report.exit === EXIT.machinery) return "canonical-sweep: the machinery stopped the sweep";
  const who =
    acts === 0 ? "nothing to do" : `${acts} ${acts === 1 ? "recipe needs" : "recipes need"} a person`;
  return `canonical-sweep: ${who}, ${report.honesty.promoted} promoted`;
}

function textOf(report: Report, needsHuman: Notice["needsHuman"]): string {
  const first = needsHuman.slice(0, MOST_ROWS).map((row) => `${row.recipe}: ${row.label}\n  ${row.command}`);
  const changed = changesOf(report)
    .slice(0, MOST_ROWS)
    .map(({ recipe, before, after }) => `${recipe}: ${before} → ${after}`);
  return [
    honestyLine(report.honesty, report.hollowReasons),
    ...part("Down now:", downLines(report), report.down?.length ?? 0),
    ...part("To do first:", first, needsHuman.length),
    ...part("Changed since the last sweep:", changed, report.changes.length),
  ].join("\n");
}

function downLines({ down = [] }: Report): string[] {
  return down.slice(0, MOST_ROWS).map((each) => `${each.recipe}: ${downLine(each)}\n  ${MEND_COMMAND}`);
}

function part(title: string, lines: readonly string[], all: number): string[] {
  if (lines.length === 0) return [];
  const more = all > lines.length ? [`… and ${all - lines.length} more: canonical-sweep status`] : [];
  return ["", title, ...lines, ...more];
}
