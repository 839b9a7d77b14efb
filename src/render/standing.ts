import { downLine, MEND_COMMAND } from "../core/down.ts";
import { formatDuration } from "../core/duration.ts";
import { honestyLine } from "../core/label/honesty.ts";
import type { RowView } from "../core/view/row-view.ts";
import type { ExceptionRow, StatusView } from "../core/view/status-view.ts";
import type { LockHolder } from "../lock/lock-holder.ts";
import { type Layout, toneOf } from "./paint.ts";
import { renderCommand, renderHeading, renderParagraph } from "./paragraph.ts";
import { renderNotEnrolled } from "./plan.ts";
import { renderNeedy } from "./report.ts";
import { type Cell, renderTable } from "./table.ts";

/**
 * What stands now: the honesty line first, then only the rows that need a person, then the rest. `now` is in
 * milliseconds since the epoch.
 */
export function renderStanding(
  view: StatusView,
  atWork: LockHolder | null,
  now: number,
  layout: Layout,
): string {
  return [
    renderSweep(view, now, layout),
    renderAtWork(atWork, now, layout),
    renderDown(view.down, now, layout),
    renderProblems(view.problems, layout),
    view.needy.map((row) => renderNeedy(row, row.since && `since ${ago(row.since, now)}`, layout)).join(""),
    renderRest(view.rest, now, layout),
    renderNeverTested(view.neverTested, layout),
    renderCanonicals(view, layout),
    renderExceptions("Held, not tested", view.holds, layout),
    renderExceptions("Known reds, tested all the same", view.acknowledged, layout),
    renderNotEnrolled(view.sweep?.notEnrolled ?? [], layout),
  ].join("");
}

function renderDown(downs: StatusView["down"], now: number, layout: Layout): string {
  return downs
    .map((down) =>
      [
        renderHeading(`DOWN: ${down.recipe}`, layout),
        renderParagraph(downLine(down), layout, "  "),
        down.since === null
          ? ""
          : renderParagraph(`since ${ago(down.since, now)}${triedText(down, now)}`, layout, "  "),
        renderCommand(MEND_COMMAND, layout, "  "),
      ].join(""),
    )
    .join("");
}

function triedText({ tries, triedAt }: StatusView["down"][number], now: number): string {
  return triedAt === null
    ? ""
    : `, tried ${tries === 1 ? "once" : `${tries} times`}, last ${ago(triedAt, now)}`;
}

function renderProblems(problems: readonly string[], layout: Layout): string {
  if (problems.length === 0) return "";
  const lines = problems.map((problem) => renderParagraph(`cannot be read: ${problem}`, layout));
  const next = "mend or restore such a file, or move it away: nothing is written over it";
  return lines.join("") + renderParagraph(`→ ${next}`, layout);
}

function renderSweep({ sweep }: StatusView, now: number, layout: Layout): string {
  if (sweep === null) return "no sweep yet\n";
  const line = honestyLine(sweep.honesty, sweep.hollowReasons);
  const end = `sweep ${sweep.run}, ended ${ago(sweep.endedAt, now)}, exit ${sweep.exit}`;
  return renderParagraph(line, layout) + renderParagraph(end, layout);
}

function renderAtWork(holder: LockHolder | null, now: number, layout: Layout): string {
  if (holder === null) return "";
  const text = `at work: ${holder.command}, run ${holder.run}, process ${holder.pid}, since ${ago(holder.since, now)}`;
  return renderParagraph(text, layout);
}

function renderRest(rows: readonly RowView[], now: number, layout: Layout): string {
  if (rows.length === 0) return "";
  const cells = rows.map(({ recipe, label, kind, at, since }): Cell[] => [
    recipe,
    { text: label, tone: toneOf(kind) },
    ago(at, now),
    since === null ? "" : ago(since, now),
  ]);
  return `\n${renderTable(["RECIPE", "LABEL", "SEEN", "SINCE"], cells, layout)}`;
}

function renderNeverTested(recipes: readonly string[], layout: Layout): string {
  if (recipes.length === 0) return "";
  return (
    renderHeading("Enrolled, in no report yet", layout) + renderParagraph(recipes.join(" "), layout, "  ")
  );
}

function renderCanonicals({ canonicals, down }: StatusView, layout: Layout): string {
  if (canonicals.length === 0) return "";
  const rows = canonicals.map(({ recipe, reading }): Cell[] => {
    if (reading.state !== "read") return [recipe, "?", { text: "unreadable", tone: "bad" }, "", ""];
    const { version, status, ts, sentinel, adopted } = reading.record;
    const data = adopted ? "adopted" : sentinel === "planted" ? "data proven" : "data not proven";
    const isDown = down.some((each) => each.recipe === recipe);
    const shown: Cell = isDown
      ? { text: `${status}, DOWN`, tone: "bad" }
      : { text: status, tone: status === "revoked" ? "warning" : "plain" };
    return [recipe, version, shown, data, ts];
  });
  const table = renderTable(["CANONICAL", "VERSION", "STATUS", "DATA", "WRITTEN"], rows, layout);
  return `\n${table}`;
}

function renderExceptions(title: string, rows: readonly ExceptionRow[], layout: Layout): string {
  if (rows.length === 0) return "";
  const cells = rows.map((row): Cell[] => [
    row.recipe,
    row.reason,
    row.expired ? { text: `${row.until} (has passed)`, tone: "warning" } : row.until,
    row.owner ?? "-",
  ]);
  return renderHeading(title, layout) + renderTable(["RECIPE", "REASON", "UNTIL", "OWNER"], cells, layout);
}

function ago(time: string, now: number): string {
  const ms = now - Date.parse(time);
  return Number.isNaN(ms) ? time : `${formatDuration(Math.max(0, ms))} ago`;
}
