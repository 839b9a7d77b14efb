import { overdueSteps } from "../core/records/under-way.ts";
import type { Clock } from "../log.ts";
import { type Daemon, TURN_MS } from "./daemon.ts";
import type { Work } from "./work.ts";

/** Whether the daemon makes progress: its own loop, and the sweep that it has fired. */
export interface Health {
  ok: boolean;
  /** Reasons why it is not well; empty if it is. */
  problems: string[];
  /** Its current work or wait. */
  doing: string;
  /** When the next sweep is due, ISO 8601; null: never. */
  next: string | null;
  work: {
    run: string;
    command: string;
    since: string;
    isOurs: boolean;
    done: number;
    steps: { recipe: string; step: string; since: string }[];
  } | null;
}

/** Time after a limit to end everything, in milliseconds: TERM, KILL, and collecting the last output. */
const SLACK_MS = 5 * 60_000;

/** The daemon's own health. An overdue step of another run is shown, but is not a fault of the daemon. */
export function healthOf(daemon: Daemon, work: Work | null, sweepPid: number | null, clock: Clock): Health {
  const now = clock.now();
  const isOurs = work !== null && work.holder.pid === sweepPid;
  const problems: string[] = [];
  if (!daemon.isSweeping && now - daemon.lastTurn > 4 * TURN_MS)
    problems.push(`the schedule was not looked at since ${iso(daemon.lastTurn)}`);
  if (isOurs && work.progress !== null) problems.push(...overdueSteps(work.progress, now, SLACK_MS));
  return {
    ok: problems.length === 0,
    problems,
    doing: daemon.doing,
    next: daemon.next === null ? null : iso(daemon.next),
    work: work === null ? null : { ...shown(work), isOurs },
  };
}

/** The status line in `systemctl status`. */
export function statusLine({ doing, problems, work }: Health): string {
  if (problems.length > 0) return problems.join("; ");
  if (work === null) return doing;
  const steps = work.steps.map(({ recipe, step }) => `${recipe} (${step})`).join(", ");
  return `${work.command}, run ${work.run}: ${work.done} done${steps === "" ? "" : `, now ${steps}`}`;
}

function shown({ holder, progress }: Work) {
  const { command, run, since } = holder;
  const steps = (progress?.steps ?? []).map((step) => ({
    recipe: step.recipe,
    step: step.step,
    since: iso(step.since),
  }));
  return { run, command, since, done: progress?.done ?? 0, steps };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
