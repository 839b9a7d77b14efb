import type { RunLine } from "../core/view/history-lines.ts";
import { type AtWork, atWorkNote } from "./at-work.ts";
import type { Frame } from "./frame.ts";
import { html, NOTHING } from "./markup.ts";
import { table } from "./tables.ts";
import { clockOf } from "./time.ts";

export interface RunsView {
  now: number;
  atWork: AtWork | null;
  runs: readonly RunLine[];
  facts: Frame["facts"];
}

/** Every kept run, newest first. */
export function runsPage({ runs, atWork, now, facts }: RunsView): Frame {
  const columns = [
    "run",
    { title: "started", kind: "nowrap" },
    "kind",
    { title: "exit", kind: "num" },
    "labels",
  ] as const;
  const rows = runs.map(({ run, startedAt, kind, exit, counts, problem }) => [
    html`<a href="/runs/${run}">${run}</a>`,
    startedAt === null ? "" : clockOf(startedAt),
    kind,
    exit === null ? "" : String(exit),
    problem === null ? counts : problem,
  ]);
  const content =
    runs.length === 0 ? html`<p class="soft">There is no run yet.</p>` : table("Runs", columns, rows);
  return {
    title: "runs · canonical-sweep",
    head: html`<h1>${runs.length} ${runs.length === 1 ? "run is" : "runs are"} kept</h1>`,
    content: html`${atWork === null ? NOTHING : atWorkNote(atWork, now)}<h2>Runs</h2>${content}`,
    current: "runs",
    facts,
    data: { name: "JSON", address: "/runs.json" },
    refreshSeconds: 60,
  };
}
