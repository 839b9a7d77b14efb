import type { Check } from "../doctor/check.ts";
import type { DoctorReport } from "../doctor/doctor.ts";
import type { Layout, Tone } from "./paint.ts";
import { renderCommand, renderHeading, renderParagraph } from "./paragraph.ts";
import { renderTable } from "./table.ts";

const WORDS: Record<Check["result"], string> = {
  ok: "ok",
  fault: "fault",
  "not-known": "not known",
  note: "note",
};

/** A line for each checked thing, then the remedy for each fault. */
export function renderDoctor({ checks, compare, fingerprint, fit }: DoctorReport, layout: Layout): string {
  const rows = checks.map((check) => [
    { text: WORDS[check.result], tone: toneOf(check) },
    check.name,
    check.found,
  ]);
  return [
    renderTable(["RESULT", "WHAT", "FOUND"], rows, layout),
    ...checks.filter((check) => check.remedy !== null).map((check) => renderRemedy(check, layout)),
    compare === null ? "" : renderComparison(compare, fingerprint, layout),
    `\n${renderParagraph(`${verdictOf(checks, fit)}; the fingerprint of the tools is ${fingerprint}`, layout)}`,
  ].join("");
}

function toneOf({ isNeeded, result }: Check): Tone {
  if (result === "ok") return "good";
  if (result === "note") return "faint";
  return result === "fault" && isNeeded ? "bad" : "warning";
}

function renderRemedy({ name, remedy, result }: Check, layout: Layout): string {
  if (remedy === null) return "";
  return [
    renderHeading(`${name}: ${WORDS[result]}`, layout),
    renderParagraph(remedy.say, layout, "  "),
    remedy.command === null ? "" : renderCommand(remedy.command, layout, "  "),
  ].join("");
}

function renderComparison(
  compare: NonNullable<DoctorReport["compare"]>,
  now: string,
  layout: Layout,
): string {
  const lines =
    compare.changes.length === 0
      ? [`the tools are the same: ${now}`]
      : [`the fingerprint was ${compare.fingerprint} and is ${now}`, ...compare.changes];
  return (
    renderHeading(`Compared with run ${compare.run}`, layout) +
    lines.map((line) => renderParagraph(line, layout, "  ")).join("")
  );
}

function verdictOf(checks: readonly Check[], fit: boolean): string {
  if (fit) return "fit: a sweep can be started here";
  const count = checks.filter((check) => check.isNeeded && check.result !== "ok").length;
  return `not fit: ${count} of ${checks.length} ${count === 1 ? "stands" : "stand"} in the way of a sweep`;
}
