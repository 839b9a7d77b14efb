/** What was found of one thing that a sweep stands on. What is not known is never `ok`. */
export interface Check {
  /** `git`, `disk`, `swarm (main)`: what it is about. */
  name: string;
  /** `note`: nothing stands on it, and it is only to be known. */
  result: "ok" | "fault" | "not-known" | "note";
  /** Nothing can be tested without it. What is merely good to know does not make an environment unfit. */
  isNeeded: boolean;
  found: string;
  /** How it is put right; null where nothing is to be done. */
  remedy: Remedy | null;
}

export interface Remedy {
  say: string;
  /** To be pasted as it stands; null where there is no such command. */
  command: string | null;
}

/** A probe that takes longer is given up, in milliseconds. */
export const PROBE_LIMIT_MS = 10_000;

export function fine(name: string, found: string): Check {
  return { name, result: "ok", isNeeded: true, found, remedy: null };
}

export function fault(name: string, found: string, say: string, command: string | null = null): Check {
  return { name, result: "fault", isNeeded: true, found, remedy: { say, command } };
}

/** Needed, and no answer came. */
export function unknown(name: string, found: string, say: string, command: string | null = null): Check {
  return { name, result: "not-known", isNeeded: true, found, remedy: { say, command } };
}

/** Neither good nor bad. */
export function note(name: string, found: string, remedy: Remedy | null = null): Check {
  return { name, result: "note", isNeeded: false, found, remedy };
}

/** The same, and nothing stands on it. */
export function aside(check: Check): Check {
  return { ...check, isNeeded: false };
}

/** Whether a sweep can be started here: everything that is needed is known to be there. */
export function isFit(checks: readonly Check[]): boolean {
  return checks.every((check) => check.result === "ok" || !check.isNeeded);
}
