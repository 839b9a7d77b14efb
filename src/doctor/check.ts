/** The result for one thing that a sweep depends on. An unknown result is never `ok`. */
export interface Check {
  /** The subject: `git`, `disk`, `swarm (main)`. */
  name: string;
  /** `note`: only for information, nothing depends on it. */
  result: "ok" | "fault" | "not-known" | "note";
  /** Nothing can be tested without it. Merely useful things do not make an environment unfit. */
  isNeeded: boolean;
  found: string;
  /** How to put it right; null if nothing needs doing. */
  remedy: Remedy | null;
}

export interface Remedy {
  say: string;
  /** To be pasted as it is; null if there is no such command. */
  command: string | null;
}

/** Limit of a probe, in milliseconds. */
export const PROBE_LIMIT_MS = 10_000;

export function fine(name: string, found: string): Check {
  return { name, result: "ok", isNeeded: true, found, remedy: null };
}

export function fault(name: string, found: string, say: string, command: string | null = null): Check {
  return { name, result: "fault", isNeeded: true, found, remedy: { say, command } };
}

/** Needed, but without an answer. */
export function unknown(name: string, found: string, say: string, command: string | null = null): Check {
  return { name, result: "not-known", isNeeded: true, found, remedy: { say, command } };
}

/** Neither good nor bad. */
export function note(name: string, found: string, remedy: Remedy | null = null): Check {
  return { name, result: "note", isNeeded: false, found, remedy };
}

/** The same, but nothing depends on it. */
export function aside(check: Check): Check {
  return { ...check, isNeeded: false };
}

/** Whether a sweep can be started here: everything needed is known to be there. */
export function isFit(checks: readonly Check[]): boolean {
  return checks.every((check) => check.result === "ok" || !check.isNeeded);
}
