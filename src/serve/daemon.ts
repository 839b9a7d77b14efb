import type { Config } from "../config/config.ts";
import { readSchedule } from "../config/schedule.ts";
import { type NextFire, nextFire } from "../core/schedule/next-fire.ts";
import { Fault, orFault } from "../fault.ts";
import type { DaemonParts } from "./daemon-parts.ts";
import { type DaemonRecord, pastFire } from "./daemon-record.ts";
import { createMending, type Mending } from "./mending.ts";
import type { FireTrigger } from "./sweep-child.ts";

export interface Daemon {
  /** Fires sweeps when they are due, until the signal. */
  run(): Promise<void>;
  /** Puts another configuration into force. */
  adopt(config: Config): void;
  readonly config: Config;
  /** Its current work or wait, in words. */
  readonly doing: string;
  /** The time of the next sweep (milliseconds since the epoch); null: never. */
  readonly next: number | null;
  /** Time of the loop's last turn. */
  readonly lastTurn: number;
  /** A child process is at work: a sweep, or a try to mend. */
  readonly isSweeping: boolean;
}

/** Interval of looks at the wall clock, in milliseconds: it may be set, and the machine may sleep. */
export const TURN_MS = 30_000;
const LOOK_AGAIN_MS = 2_000;
const TRY_AGAIN_MS = 60_000;
/** From this delay on, in milliseconds, a firing counts as a catch-up: the daemon was not there. */
const LATE_MS = 2 * 60_000;

/** Makes the loop that fires due sweeps. It does nothing before `run`. */
export function createDaemon(parts: DaemonParts, config: Config, record: DaemonRecord): Daemon {
  const loop = new Loop(parts, config, record);
  return loop;
}

class Loop implements Daemon {
  readonly #parts: DaemonParts;
  #record: DaemonRecord;
  #lastSweep: number | null;
  #pending: { due: number; trigger: FireTrigger } | null = null;
  #planned: { of: unknown[]; fire: NextFire | null } | null = null;
  #saidLast = "";
  readonly #mending: Mending;
  config: Config;
  doing = "";
  next: number | null = null;
  lastTurn: number;
  isSweeping = false;

  constructor(parts: DaemonParts, config: Config, record: DaemonRecord) {
    this.#parts = parts;
    this.config = config;
    this.#record = record;
    this.#lastSweep = parts.lastSweep();
    this.lastTurn = parts.clock.now();
    this.#mending = createMending(parts);
    this.adopt(config);
  }

  adopt(config: Config): void {
    this.config = config;
    const fire = this.#nextFire();
    this.next = fire?.due ?? null;
    if (!this.isSweeping) this.doing = waitingFor(fire);
  }

  async run(): Promise<void> {
    const { clock, signal, wait } = this.#parts;
    while (!signal.aborted) {
      this.lastTurn = clock.now();
      const fire = this.#nextFire();
      this.next = fire?.due ?? null;
      const mendAt = this.#mending.look(this.lastTurn);
      // A due sweep also tries to mend, before anything else.
      if (fire !== null && fire.due <= this.lastTurn) await this.#fireIfStillDue();
      else if (mendAt !== null && mendAt <= this.lastTurn) await this.#mend();
      else {
        this.doing = [...this.#mending.doing, waitingFor(fire)].join("; ");
        const next = Math.min(fire?.due ?? Number.POSITIVE_INFINITY, mendAt ?? Number.POSITIVE_INFINITY);
        await wait(Math.min(TURN_MS, next - this.lastTurn));
      }
    }
  }

  async #mend(): Promise<void> {
    this.isSweeping = true;
    this.doing = `${this.#mending.doing.join("; ")}: tries now`;
    await this.#mending.tryNow(this.config).finally(() => {
      this.isSweeping = false;
    });
  }

  // It changes only with its inputs, and computing it is expensive.
  #nextFire(): NextFire | null {
    const { schedule, timezone } = this.config;
    const of = [schedule, timezone, this.#lastSweep, this.#record];
    if (this.#planned === null || this.#planned.of.some((part, index) => part !== of[index]))
      this.#planned = { of, fire: this.#findNextFire() };
    return this.#planned.fire;
  }

  #findNextFire(): NextFire | null {
    const since = Date.parse(this.#record.since);
    const schedule = readSchedule(this.config.schedule, this.config.timezone);
    return nextFire(schedule, { since, lastSweep: this.#lastSweep, lastFire: pastFire(this.#record) });
  }

  // Somebody may have swept, or changed the schedule, since the last look.
  async #fireIfStillDue(): Promise<void> {
    const { atWork, clock, wait } = this.#parts;
    this.#lastSweep = this.#parts.lastSweep();
    const fire = this.#nextFire();
    if (fire === null || fire.due > clock.now()) return;
    const trigger = this.#triggerOf(fire.due);
    const holder = atWork();
    if (holder !== null) {
      this.#say("info", `${dueSince(fire)}, and waits: run ${holder.run} (${holder.command}) is at work`);
      return wait(LOOK_AGAIN_MS);
    }
    const config = this.#loadToFire(fire);
    if (config === null) return wait(TRY_AGAIN_MS);
    const isOther = config.schedule !== this.config.schedule || config.timezone !== this.config.timezone;
    this.config = config;
    if (!isOther) await this.#fire(fire, trigger);
  }

  // A late firing stays a catch-up; one that merely waits for another run does not become one.
  #triggerOf(due: number): FireTrigger {
    if (this.#pending?.due !== due) {
      const isLate = this.#parts.clock.now() - due > LATE_MS;
      this.#pending = { due, trigger: isLate ? "catch-up" : "daemon" };
    }
    return this.#pending.trigger;
  }

  #loadToFire(fire: NextFire): Config | null {
    const config = orFault(() => this.#parts.load());
    if (!(config instanceof Fault)) return config;
    this.#say("error", `${dueSince(fire)}, and waits until this is mended: ${config.message}`);
    return null;
  }

  async #fire({ attempt, due }: NextFire, trigger: FireTrigger): Promise<void> {
    const { clock, sweep, wait } = this.#parts;
    const before = this.#record;
    const firedAt = clock.now();
    this.#keepFire({ due, firedAt, trigger, attempts: attempt, ended: false, exit: null });
    this.#say("info", `${dueSince({ due })}: the sweep begins${attempt > 1 ? `, attempt ${attempt}` : ""}`);
    this.isSweeping = true;
    const end = await sweep(this.config, trigger).finally(() => {
      this.isSweeping = false;
    });
    if (end.locked) {
      this.#record = before;
      this.#say("info", `${dueSince({ due })}, and waits: another run was at work`);
      return wait(TRY_AGAIN_MS);
    }
    // A sweep that crashed or was killed is continued, a limited number of times.
    const ended = end.exit !== null && end.exit !== 1;
    this.#keepFire({ due, firedAt, trigger, attempts: attempt, ended, exit: end.exit });
    this.#lastSweep = this.#parts.lastSweep();
    this.#say(ended ? "info" : "error", `the sweep ended with ${end.exit ?? end.problem}`);
    if (!ended) await wait(TRY_AGAIN_MS);
  }

  #keepFire(fire: {
    due: number;
    firedAt: number;
    trigger: FireTrigger;
    attempts: number;
    ended: boolean;
    exit: number | null;
  }): void {
    const [due, firedAt] = [new Date(fire.due).toISOString(), new Date(fire.firedAt).toISOString()];
    this.#record = { ...this.#record, lastFire: { ...fire, due, firedAt } };
    const kept = orFault(() => this.#parts.keep(this.#record));
    if (kept instanceof Fault) this.#parts.log.error(kept.message);
  }

  // A reason for waiting is logged once, not at every look.
  #say(level: "info" | "error", text: string): void {
    this.doing = text;
    if (text !== this.#saidLast) this.#parts.log[level](text);
    this.#saidLast = text;
  }
}

function waitingFor(fire: NextFire | null): string {
  return fire === null ? "no sweep is ever due" : `next sweep ${new Date(fire.due).toISOString()}`;
}

function dueSince({ due }: Pick<NextFire, "due">): string {
  return `a sweep is due since ${new Date(due).toISOString()}`;
}
