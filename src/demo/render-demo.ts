import { formatDuration } from "../core/duration.ts";
import { honestyLine } from "../core/label/honesty.ts";
import type { Report } from "../core/records/report.ts";
import { quoteWord } from "../core/text/quote-word.ts";
import { type Layout, toneOf } from "../render/paint.ts";
import { renderCommand, renderHeading, renderParagraph } from "../render/paragraph.ts";
import { renderPlan } from "../render/plan.ts";
import { type Cell, renderTable } from "../render/table.ts";
import type { Plan } from "../sweep/decide/plan.ts";
import type { CheckedRow } from "./verdict.ts";

const WEEK = ["First week", "Second week"] as const;
const BETWEEN =
  "Meanwhile upstream: notes and paste published a release, wiki has new commits without a tag.";

export function renderOpening(root: string, recipes: number, layout: Layout): string {
  const text = `${recipes} sample recipes with real git upstreams and real servers, two sweeps. All of it stands in ${root}.`;
  return renderParagraph(text, layout);
}

export function renderPlanned(sweep: 0 | 1, plan: Plan, layout: Layout): string {
  const meanwhile = sweep === 1 ? `\n${renderParagraph(BETWEEN, layout)}` : "";
  const heading = renderHeading(`${WEEK[sweep]}: what a sweep would do`, layout);
  return meanwhile + heading + renderPlan(plan, { ...layout, ageAt: null });
}

/** The labels of a sweep with the purpose of each row; a wrong row shows both labels. */
export function renderSwept(
  sweep: 0 | 1,
  report: Report,
  rows: readonly CheckedRow[],
  layout: Layout,
): string {
  return [
    renderHeading(`${WEEK[sweep]}: what the sweep found`, layout),
    renderParagraph(honestyLine(report.honesty, report.hollowReasons), layout),
    "\n",
    renderTable(["RECIPE", "LABEL", "WHAT IT SHOWS"], rows.map(cellsOf), layout),
  ].join("");
}

function cellsOf(row: CheckedRow): Cell[] {
  const label = row.got ?? "no row at all";
  const text = row.asExpected ? label : `${label}, expected: ${row.expected}`;
  return [row.recipe, { text, tone: row.asExpected ? toneOf(row.kind) : "bad" }, row.shows];
}

export interface DemoEnd {
  rows: readonly CheckedRow[];
  /** Processes that the sweeps left behind. */
  left: readonly number[];
  durationMs: number;
  /** The configuration folder if everything was kept; null if it was removed. */
  kept: string | null;
}

/** How the demo ended, and what to do next. */
export function renderEnd(end: DemoEnd, layout: Layout): string {
  return [
    "\n",
    renderParagraph(verdictOf(end), layout),
    end.kept === null ? "" : `\n${renderLook(end.kept, layout)}`,
    renderHeading("Next steps", layout),
    renderCommand("canonical-sweep init", layout, "  "),
    renderParagraph("writes a commented sweep.yaml and one sample recipe: edit them, then", layout, "  "),
    renderCommand("canonical-sweep plan", layout, "  "),
    renderCommand("canonical-sweep sweep", layout, "  "),
  ].join("");
}

export function renderInterrupted(layout: Layout): string {
  return `\n${renderParagraph("Interrupted: the apps are stopped, and the labels above say what was not run.", layout)}`;
}

function verdictOf({ rows, left, durationMs }: DemoEnd): string {
  const wrong = rows.filter((row) => !row.asExpected);
  const took = formatDuration(durationMs);
  if (wrong.length > 0)
    return `${wrong.length} of ${rows.length} labels are not as they should be: ${wrong.map((row) => row.recipe).join(", ")} (${took})`;
  if (left.length > 0) return `the labels are right, but processes were left behind: ${left.join(", ")}`;
  return `All ${rows.length} labels of both sweeps came as they should, and nothing was left running (${took}).`;
}

function renderLook(configuration: string, layout: Layout): string {
  const about = "Everything was kept. To look at it:";
  const commands = ["status", "explain paste", "history"];
  return [
    renderParagraph(about, layout),
    ...commands.map((command) =>
      renderCommand(`canonical-sweep --config ${quoteWord(configuration)} ${command}`, layout, "  "),
    ),
  ].join("");
}
