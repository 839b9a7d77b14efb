import type { Log } from "../log.ts";
import type { Progress } from "../run/progress.ts";
import { createLog } from "./create-log.ts";
import type { Invocation } from "./invocation.ts";
import { drawnProgress, loggedProgress } from "./progress.ts";
import { layoutFor, openTerminal } from "./terminal.ts";

/** How a command reports while it works, always on standard error. */
export interface Reporting {
  log: Log;
  progress: Progress;
  /** Prints a message for a person, or logs it. */
  say(text: string): void;
  /** Removes the live lines; call it before the result is printed. */
  close(): void;
}

/**
 * JSON lines if standard error is not a terminal; for a person, short lines and, with `live`, redrawn lines. With
 * --quiet only errors.
 */
export async function openReporting({ surroundings, global }: Invocation, live: boolean): Promise<Reporting> {
  const { stderr, env, clock } = surroundings;
  if (!stderr.isTerminal) {
    const log = createLog(global, stderr.write, null);
    return { log, progress: loggedProgress(log), say: (text) => log.info(text), close: () => {} };
  }
  const layout = () => layoutFor(stderr, env);
  if (!live || global.quiet) {
    const log = createLog(global, stderr.write, layout());
    return { log, progress: loggedProgress(log), say: (text) => log.info(text), close: () => {} };
  }
  const terminal = await openTerminal(stderr);
  const log = createLog(global, terminal.print, layout());
  return { log, say: (text) => terminal.print(`${text}\n`), ...drawnProgress(terminal, clock, layout) };
}
