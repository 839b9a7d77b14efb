import { formatDuration } from "../core/duration.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { runningSince } from "./time.ts";

/** A run at work, from its lock and its journal. */
export interface AtWork {
  run: string;
  command: string;
  /** ISO 8601. */
  since: string;
  /** Recipes under test, one per lane. */
  recipes: readonly {
    recipe: string;
    version: string | null;
    since: string;
    /** Duration of its last test, in milliseconds; null without a comparison. */
    beforeMs: number | null;
    /** The tier, or another act, under way. */
    phase: { name: string; since: string; beforeMs: number | null } | null;
  }[];
  /** Number of rows with a label. */
  done: number;
  /** Number of rows to come; null before it is decided. */
  of: number | null;
}

/** The work under way: recipe, tier, its duration so far and the duration before. */
export function atWorkNote(work: AtWork, now: number): Markup {
  const count = work.of === null ? NOTHING : html` · ${work.done} of ${work.of} recipes have their label`;
  return html`<div class="note quiet at-work"><p><b class="chip quiet">AT WORK</b> <code>${work.command}</code> <a href="/runs/${work.run}">${work.run}</a> ${runningSince(work.since, now)}${count}</p>
${work.recipes.map((recipe) => recipeLine(recipe, work.run, now))}</div>`;
}

function recipeLine(recipe: AtWork["recipes"][number], run: string, now: number): Markup {
  const { phase } = recipe;
  const phaseText =
    phase === null
      ? NOTHING
      : html` · <b>${phase.name}</b> ${runningSince(phase.since, now)}${before(phase.beforeMs)}`;
  return html`<p><a href="/runs/${run}/${recipe.recipe}">${recipe.recipe}</a> <code>${recipe.version ?? ""}</code> ${runningSince(recipe.since, now)}${before(recipe.beforeMs)}${phaseText}</p>
`;
}

function before(ms: number | null): Markup {
  return ms === null ? NOTHING : html` <span class="soft">(${formatDuration(ms)} the last time)</span>`;
}
