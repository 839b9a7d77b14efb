import { formatDuration } from "../core/duration.ts";
import type { Investigation } from "../core/investigation.ts";
import type { Layout, Tone } from "./paint.ts";
import { renderCommand, renderFacts, renderHeading, renderParagraph } from "./paragraph.ts";
import { type Cell, renderTable } from "./table.ts";

/** What a red is: the verdict first, then the runs, then the next step. */
export function renderInvestigation(
  document: Investigation,
  lines: { confidence: readonly string[]; host: readonly string[]; folder: string },
  layout: Layout,
): string {
  const { recipe, release, cause, because, red, next, raise, notPossible } = document;
  const facts: [string, string][] = [
    ["red", `${red.label}, run ${red.run}`],
    ["first error", red.firstError],
    ...lines.confidence.map((line, index): [string, string] => [index === 0 ? "confidence" : "", line]),
    ...(raise === null ? [] : [["would raise it", raise] as [string, string]]),
    ...notPossible.map(({ kind, reason }): [string, string] => ["not possible", `${kind}: ${reason}`]),
    ...lines.host.map((line, index): [string, string] => [index === 0 ? "host" : "", line]),
    ["evidence", lines.folder],
  ];
  return [
    `${layout.paint(toneOf(cause), `${recipe} ${release.version}: ${cause}`)}\n`,
    renderParagraph(because, layout),
    "\n",
    renderFacts(facts, layout),
    ...(document.runs.length === 0 ? [] : ["\n", renderRuns(document, layout)]),
    renderHeading(`Next, for ${next.who}`, layout),
    renderParagraph(next.what, layout),
    ...(next.command === null ? [] : [renderCommand(next.command, layout, "  ")]),
  ].join("");
}

function renderRuns({ runs }: Investigation, layout: Layout): string {
  const rows = runs.map(({ id, version, tests, outcome, host, durationMs, firstError }): Cell[] => [
    id,
    version,
    tests,
    { text: outcome, tone: outcome === "green" ? "good" : "bad" },
    host.isolated ? "alone" : { text: "busy", tone: "warning" },
    formatDuration(durationMs),
    firstError ?? "",
  ]);
  return renderTable(["RUN", "RELEASE", "TESTS", "ENDED", "HOST", "TOOK", "FIRST ERROR"], rows, layout);
}

function toneOf(cause: string): Tone {
  return cause === "unresolved" ? "warning" : "strong";
}
