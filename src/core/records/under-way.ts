/** A line of the journal, as far as it shows the work under way. */
export interface JournalEvent {
  ts: string;
  event: string;
  recipe?: string | undefined;
  tier?: string | undefined;
  /** The time by which the work that begins here must have ended, ISO 8601. */
  limit?: string | undefined;
}

/** The current work of a run. */
export interface UnderWay {
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** The time by which all of it must have ended; null if the run does not say. */
  limit: number | null;
  /** The recipes under test or promotion. */
  steps: { recipe: string; step: string; since: number; limit: number | null }[];
  /** Number of recipes with a label. */
  done: number;
}

/** The current work of a run, from its journal; null if the journal does not show it. */
export function underWay(events: readonly JournalEvent[]): UnderWay | null {
  const [first] = events;
  if (first === undefined) return null;
  const steps = new Map<string, UnderWay["steps"][number]>();
  let done = 0;
  for (const { event, limit, recipe, tier, ts } of events) {
    if (recipe === undefined) continue;
    if (event === "labelled") {
      steps.delete(recipe);
      done += 1;
      continue;
    }
    const step = STEPS[event]?.(tier);
    if (step !== undefined) steps.set(recipe, { recipe, step, since: Date.parse(ts), limit: timeOf(limit) });
  }
  return { startedAt: Date.parse(first.ts), limit: timeOf(first.limit), steps: [...steps.values()], done };
}

// A step without its own limit here is bounded by that of the whole sweep.
const STEPS: Readonly<Record<string, (tier: string | undefined) => string>> = {
  started: () => "prepare",
  "tier-began": (tier) => tier ?? "a tier",
  "tier-ended": (tier) => `after ${tier ?? "a tier"}`,
  "torn-down": () => "evaluation",
  "promotion-began": () => "promotion",
  "promotion-ended": () => "after the promotion",
};

/**
 * A line for each step still running more than `slackMs` past its limit: the limit, which ends a step with all its
 * processes, did not work. Empty if all is well.
 */
export function overdueSteps(work: UnderWay, now: number, slackMs: number): string[] {
  const isOver = (limit: number | null) => limit !== null && now > limit + slackMs;
  const minutes = (limit: number | null) => Math.floor((now - (limit ?? now)) / 60_000);
  const lines = work.steps
    .filter(({ limit }) => isOver(limit))
    .map(({ limit, recipe, step }) => `${recipe}: ${step} is ${minutes(limit)} minutes past its limit`);
  return isOver(work.limit)
    ? [`the sweep is ${minutes(work.limit)} minutes past its limit`, ...lines]
    : lines;
}

function timeOf(text: string | undefined): number | null {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? null : time;
}
