/** A line of the journal, as far as it tells what is under way. */
export interface JournalEvent {
  ts: string;
  event: string;
  recipe?: string | undefined;
  tier?: string | undefined;
  /** When what begins here must have ended, ISO 8601. */
  limit?: string | undefined;
}

/** What a run does now. */
export interface UnderWay {
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** When all of it must have ended; null where the run does not say. */
  limit: number | null;
  /** The recipes that are tested or promoted now. */
  steps: { recipe: string; step: string; since: number; limit: number | null }[];
  /** How many recipes have a label. */
  done: number;
}

/** What a run does, as its journal says; null where that says nothing. */
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

// What has no limit of its own here is held by that of the whole sweep.
const STEPS: Readonly<Record<string, (tier: string | undefined) => string>> = {
  started: () => "prepare",
  "tier-began": (tier) => tier ?? "a tier",
  "tier-ended": (tier) => `after ${tier ?? "a tier"}`,
  "torn-down": () => "evaluation",
  "promotion-began": () => "promotion",
  "promotion-ended": () => "after the promotion",
};

/**
 * A line for each step that goes on though its limit has passed by more than `slackMs`: then the limit, which ends
 * every step with all its processes, did not work. Empty is well.
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
