import { formatDuration } from "../core/duration.ts";
import type { Investigation } from "../core/records/investigation.ts";
import { confidenceOf, hostOf } from "../report/investigation-markdown.ts";
import type { Layout, Tone } from "./paint.ts";
import { renderCommand, renderFacts, renderHeading, renderParagraph } from "./paragraph.ts";
import { type Cell, renderTable } from "./table.ts";

/** The cause of a red: the verdict first, then the runs, then the next step. */
export function renderInvestigation(document: Investigation, folder: string, layout: Layout): string {
  const { recipe, release, cause, because, confidence, red, next, raise, notPossible } = document;
  const facts: [string, string][] = [
    ["red", `${red.label}, run ${red.run}`],
    ["first error", red.firstError],
    ...confidenceOf(confidence).map((line, index): [string, string] => [
      index === 0 ? "confidence" : "",
      line,
    ]),
    ...(raise === null ? [] : [["would raise it", raise] as [string, string]]),
    ...document.lint.map((line): [string, string] => ["lint", line]),
    ...notPossible.map(({ kind, reason }): [string, string] => ["not possible", `${kind}: ${reason}`]),
    ...hostOf(document).map((line, index): [string, string] => [index === 0 ? "host" : "", line]),
    ["evidence", folder],
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
