import { z } from "zod";
import { TierStatus } from "../core/tier.ts";
import type { LockHolder } from "../lock/lock-holder.ts";
import type { AtWork } from "../page/at-work.ts";
import type { TimeSpan } from "../page/charts.ts";
import { readJournalIfReadable } from "../report/journal.ts";
import type { StatePaths } from "../state/paths.ts";

const Line = z.looseObject({
  ts: z.string(),
  event: z.string(),
  recipe: z.string().optional(),
  version: z.string().nullish(),
  tier: z.string().optional(),
  status: z.string().optional(),
  result: z.string().optional(),
});
export type JournalLine = z.infer<typeof Line>;

/** The lines of a run's journal, without malformed ones. */
export function journalOf(state: StatePaths, run: string): JournalLine[] {
  return readJournalIfReadable(state.run(run).journal, Line);
}

/** Duration of a recipe's last test, and of each of its tiers, in milliseconds; null if unknown. */
export type Before = (recipe: string, tier: string | null) => number | null;

/** The work of a run under way, from its lock and its journal. */
export function atWorkOf(holder: LockHolder, journal: readonly JournalLine[], before: Before): AtWork {
  const open = new Map<string, AtWork["recipes"][number]>();
  const labelled = new Set<string>();
  const decided = new Set<string>();
  for (const line of journal) {
    const { recipe, event } = line;
    if (recipe === undefined) continue;
    if (event === "decided") decided.add(recipe);
    if (event === "labelled") labelled.add(recipe);
    const next = nextOf(open.get(recipe), line, before);
    if (next === null) open.delete(recipe);
    else if (next !== undefined) open.set(recipe, next);
  }
  const { run, command, since } = holder;
  return {
    run,
    command,
    since,
    recipes: [...open.values()],
    done: labelled.size,
    of: decided.size === 0 ? null : decided.size,
  };
}

type Open = AtWork["recipes"][number];

// Null: its test is over. Undefined: nothing to show.
function nextOf(open: Open | undefined, line: JournalLine, before: Before): Open | null | undefined {
  const { recipe = "", ts } = line;
  if (line.event === "started")
    return { recipe, version: line.version ?? null, since: ts, beforeMs: before(recipe, null), phase: null };
  if (line.event === "labelled") return null;
  if (open === undefined) return undefined;
  const phase = (name: string, tier: string | null = null): Open => ({
    ...open,
    phase: { name, since: ts, beforeMs: tier === null ? null : before(recipe, tier) },
  });
  switch (line.event) {
    case "tier-began":
      return phase(line.tier ?? "", line.tier);
    case "tier-ended":
      return phase("between tiers");
    case "torn-down":
      return phase("after the test");
    case "promotion-began":
      return phase("promotion");
    case "promotion-ended":
      return phase("after the promotion");
    default:
      return undefined;
  }
}

/** The acts for a recipe in a run, on a time line; `now` in milliseconds ends the current one. */
export function spansOf(journal: readonly JournalLine[], recipe: string, now: number | null): TimeSpan[] {
  const lines = journal.filter((line) => line.recipe === recipe);
  const begin = Date.parse(lines.find((line) => line.event === "started")?.ts ?? "");
  if (Number.isNaN(begin)) return [];
  const spans: TimeSpan[] = [];
  let opened: { name: string; at: number } | null = null;
  for (const line of lines) {
    const at = Date.parse(line.ts) - begin;
    if (line.event === "tier-began") opened = { name: line.tier ?? "", at };
    if (line.event === "promotion-began") opened = { name: "promotion", at };
    if (opened === null || !line.event.endsWith("-ended")) continue;
    spans.push({ name: opened.name, beginMs: opened.at, endMs: at, status: statusOf(line) });
    opened = null;
  }
  if (opened !== null && now !== null)
    spans.push({ name: opened.name, beginMs: opened.at, endMs: now - begin, status: "going on" });
  return withTheRest(spans, lines, begin);
}

function statusOf({ status, result }: JournalLine): TimeSpan["status"] {
  if (result !== undefined) return result === "promoted" ? "passed" : "failed";
  return TierStatus.safeParse(status).data ?? "done";
}

// Evidence and teardown come after the last tier, and end when the journal says so.
function withTheRest(spans: TimeSpan[], lines: readonly JournalLine[], begin: number): TimeSpan[] {
  const torn = lines.find((line) => line.event === "torn-down");
  if (torn === undefined) return spans;
  const endMs = Date.parse(torn.ts) - begin;
  const last = spans.findLast((span) => span.endMs <= endMs)?.endMs ?? 0;
  const teardown: TimeSpan = { name: "teardown", beginMs: last, endMs, status: "done" };
  return [...spans, teardown].sort((a, b) => a.beginMs - b.beginMs);
}
