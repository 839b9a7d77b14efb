import { type AtWork, atWorkNote } from "./at-work.ts";
import type { Frame } from "./frame.ts";
import { html, NOTHING } from "./markup.ts";
import { section, table } from "./tables.ts";
import { clockOf } from "./time.ts";

export interface UnfinishedView {
  run: string;
  /** Null: it ended without a report. */
  atWork: AtWork | null;
  /** Why it gave up; null: it was cut short instead. */
  gaveUp: string | null;
  events: readonly { ts: string; event: string; recipe: string | null }[];
  now: number;
  facts: Frame["facts"];
}

/** At most this many of the last lines of its journal are shown. */
const MOST_EVENTS = 200;

/** A run without a report: its work so far, or until it gave up or was cut short. */
export function unfinishedPage({ run, atWork, gaveUp, events, now, facts }: UnfinishedView): Frame {
  const rows = events
    .slice(-MOST_EVENTS)
    .toReversed()
    .map(({ ts, event, recipe }) => [
      clockOf(ts),
      event,
      recipe === null ? "" : html`<a href="/runs/${run}/${recipe}">${recipe}</a>`,
    ]);
  return {
    title: `${run} · canonical-sweep`,
    head: headOf(run, atWork !== null, gaveUp),
    content: html`${atWork === null ? NOTHING : atWorkNote(atWork, now)}${section("Acts, newest first", table("Journal", [{ title: "when", kind: "nowrap" }, "event", "recipe"], rows))}`,
    current: "runs",
    facts,
    data: { name: "JSON", address: `/runs/${run}.json` },
    refreshSeconds: atWork === null ? null : 15,
  };
}

function headOf(run: string, isAtWork: boolean, gaveUp: string | null) {
  if (isAtWork) return html`<h1>${run} is at work</h1>`;
  if (gaveUp !== null) return html`<h1>${run} gave up: it has no report</h1><p>${gaveUp}</p>`;
  return html`<h1>${run} was cut short: it has no report</h1><p>The next sweep goes on with it.</p>`;
}
