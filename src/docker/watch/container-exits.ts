import type { DockerEvent } from "./events.ts";

/** One exit of a container that started after the watch began. */
export interface Exit {
  service: string;
  container: string;
  code: number;
  upMs: number;
  atMs: number;
  /** It ended because its health check failed. */
  unhealthy: boolean;
  /** It was stopped by an update or a person: not a crash. */
  stopped: boolean;
}

export interface ExitLog {
  note(event: DockerEvent): void;
  readonly exits: readonly Exit[];
}

interface Life {
  service: string;
  startedAtMs: number;
  unhealthy: boolean;
  told: boolean;
}

/** Makes exits from events: swarm keeps only the last five tasks, and reports no exit. */
export function createExitLog(): ExitLog {
  const lives = new Map<string, Life>();
  const exits: Exit[] = [];
  return {
    exits,
    note: (event) => {
      const life = lives.get(event.id);
      if (event.action === "start" && event.service !== null)
        lives.set(event.id, {
          service: event.service,
          startedAtMs: event.atMs,
          unhealthy: false,
          told: false,
        });
      if (life === undefined) return;
      if (event.action === "health_status: unhealthy") life.unhealthy = true;
      if (event.action === "kill") life.told = true;
      if (event.action !== "die") return;
      lives.delete(event.id);
      exits.push(exitOf(event, life));
    },
  };
}

function exitOf(event: DockerEvent, life: Life): Exit {
  return {
    service: life.service,
    container: event.id,
    code: event.exitCode ?? 0,
    upMs: event.atMs - life.startedAtMs,
    atMs: event.atMs,
    unhealthy: life.unhealthy,
    stopped: life.told && !life.unhealthy,
  };
}

/** A crash loop: `exits` exits in a row with one code, none after running longer than `longestUpMs`. */
export interface CrashLoopRule {
  exits: number;
  longestUpMs: number;
}

/**
 * The last exit of a crash loop of this service, or null. An app that fails a few times while its database starts is
 * healthy; a long time up starts the count anew.
 */
export function crashLoopOf(exits: readonly Exit[], service: string, rule: CrashLoopRule): Exit | null {
  const crashes = exits.filter((exit) => exit.service === service && !exit.stopped);
  const last = crashes.at(-1);
  const row = crashes.slice(-rule.exits);
  if (last === undefined || row.length < rule.exits) return null;
  const same = row.every((exit) => exit.code === last.code && exit.upMs < rule.longestUpMs);
  return same ? last : null;
}
