import { type AtWork, atWorkNote } from "./at-work.ts";
import type { Frame } from "./frame.ts";
import { html, NOTHING } from "./markup.ts";
import { section, table } from "./tables.ts";
import { clockOf } from "./time.ts";

export interface UnfinishedView {
  run: string;
  /** Null: it was cut short. */
  atWork: AtWork | null;
  events: readonly { ts: string; event: string; recipe: string | null }[];
  now: number;
  facts: Frame["facts"];
}

/** So many of the last lines of its journal are shown. */
const MOST_EVENTS = 200;

/** A run without a report: what it does, or did before it was cut short. */
export function unfinishedPage({ run, atWork, events, now, facts }: UnfinishedView): Frame {
  const rows = events
    .slice(-MOST_EVENTS)
    .toReversed()
    .map(({ ts, event, recipe }) => [
      clockOf(ts),
      event,
      recipe === null ? "" : html`<a href="/runs/${run}/${recipe}">${recipe}</a>`,
    ]);
  const what = atWork === null ? "was cut short: it has no report" : "is at work";
  return {
    title: `${run} · canonical-sweep`,
    head: html`<h1>${run} ${what}</h1>${atWork === null ? html`<p>The next sweep goes on with it.</p>` : NOTHING}`,
    content: html`${atWork === null ? NOTHING : atWorkNote(atWork, now)}${section("What it did, the newest first", table("Journal", [{ title: "when", kind: "nowrap" }, { title: "event" }, { title: "recipe" }], rows))}`,
    current: "runs",
    facts,
    data: { name: "JSON", address: `/runs/${run}.json` },
    refreshSeconds: atWork === null ? null : 15,
  };
}
