import { formatBytes, formatDuration } from "../core/duration.ts";
import type { Report } from "../core/records/report.ts";
import { unmendedLines } from "../core/records/unmended-lines.ts";
import type { Frame } from "./frame.ts";
import { honestyHeading } from "./honesty.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { type NeedyRow, needyCards, type RestRow, restGroups } from "./rows.ts";
import { definitions, foldedSection, section, table } from "./tables.ts";
import { clockOf } from "./time.ts";

/** What the page of a sweep, or of a run by hand, says beside its report. */
export interface SweepView {
  report: Report;
  needy: readonly NeedyRow[];
  rest: readonly RestRow[];
  /** Which killed sweep it went on with. */
  continued: string | null;
  /** Which tools are others than in the last sweep. */
  toolChanges: readonly string[];
  json: string | null;
}

/** A run with all of its rows; `report.html` is the same as a file that stands alone. */
export function sweepPage({ report, needy, rest, continued, toolChanges, json }: SweepView): Frame {
  const ended = Date.parse(report.endedAt);
  return {
    title: `${report.run} · canonical-sweep`,
    head: html`${honestyHeading(report.honesty, report.hollowReasons)}
<p>${report.kind} <code>${report.run}</code>, ${report.trigger}, ${clockOf(report.startedAt)}, took ${tookOf(report)}, exit ${report.exit}</p>`,
    content: html`${section("Needs a person", needyCards(needy, ended), needy.length)}
${section("The rest", rest.length === 0 ? NOTHING : restGroups(rest), rest.length)}
${section("Changed since the last sweep", changes(report), report.changes.length)}
${section("Not enrolled", notEnrolled(report), report.notEnrolled.length)}
${section("The run", definitions(runFacts(report, continued, toolChanges)))}
${foldedSection("Tools", tools(report), report.environment.tools.length)}`,
    current: null,
    facts: frameFacts(report),
    data: json === null ? null : { name: "JSON", address: json },
    refreshSeconds: null,
  };
}

function tookOf({ startedAt, endedAt }: Report): string {
  return formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
}

function changes(report: Report): Markup {
  const rows = report.changes.map(({ recipe, before, after }) => [
    recipe,
    before ?? "not in it",
    after ?? "not in it",
  ]);
  return table("Changes", [{ title: "recipe" }, { title: "before" }, { title: "now" }], rows);
}

function notEnrolled(report: Report): Markup {
  const rows = report.notEnrolled.map(({ recipe, reason }) => [recipe, reason]);
  return table("Not enrolled", [{ title: "recipe" }, { title: "reason" }], rows);
}

function runFacts(
  report: Report,
  continued: string | null,
  toolChanges: readonly string[],
): [string, Markup | string][] {
  const { disk } = report;
  return [
    ...toolChanges.map((line): [string, string] => ["tools", line]),
    ...(continued === null ? [] : [["continues", continued] as [string, string]]),
    ...report.recovered.map((line): [string, string] => ["put right", line]),
    ...unmendedLines(report).map((line): [string, string] => ["not mended", line]),
    ...(report.findings ?? []).map((line): [string, string] => ["finding", line]),
    ["disk", disk.free === null ? "unknown" : `${formatBytes(disk.free)} free`],
  ];
}

function tools({ environment }: Report): Markup {
  const columns = [{ title: "tool" }, { title: "version" }, { title: "path" }, { title: "hash" }];
  const rows = environment.tools.map(({ name, version, path, hash }) => [
    name,
    version ?? "unknown",
    path === null ? "missing" : html`<code>${path}</code>`,
    hash === null ? "" : html`<code>${hash.slice(0, 12)}</code>`,
  ]);
  return table("Tools", columns, rows);
}

function frameFacts({ program, configuration, environment }: Report): Frame["facts"] {
  const { path, commit, dirty } = configuration;
  return [
    ["program", `${program.name} ${program.version}, Node ${program.node}`],
    ["configuration", `${path}, commit ${commit ?? "none"}${dirty === true ? ", with changes" : ""}`],
    ["environment", environment.fingerprint],
  ];
}
