import type { Clock, Log } from "../log.ts";
import { renderEvent } from "../render/event-line.ts";
import { advanceBoard, EMPTY_BOARD, renderBoard } from "../render/live-board.ts";
import type { Layout } from "../render/paint.ts";
import type { Progress, ProgressEvent } from "../run/progress.ts";
import type { Terminal } from "./terminal.ts";

/** Progress for a machine: one log line per event. */
export function loggedProgress(log: Log): Progress {
  return (event) => {
    const { kind, ...fields } = event;
    const failed = event.kind === "synced" && event.problem !== null;
    log[failed ? "warn" : "info"](fields, MESSAGES[kind]);
  };
}

const MESSAGES: Record<ProgressEvent["kind"], string> = {
  recovering: "cleaning up after a dead run",
  syncing: "syncing the mirrors",
  synced: "synced",
  decided: "decided",
  started: "started",
  phase: "phase",
  "tier-ended": "tier ended",
  ended: "ended",
  note: "note",
};

const REDRAW_MS = 200;

/**
 * Progress for a person: a live line for each recipe under way, redrawn through its tiers, and above them a permanent
 * line for each finished one. Call `close` before anything else is printed.
 */
export function drawnProgress(
  terminal: Terminal,
  clock: Clock,
  layout: () => Layout,
): { progress: Progress; close(): void } {
  let board = EMPTY_BOARD;
  const draw = () => terminal.draw(renderBoard(board, clock.now(), layout()));
  const timer = setInterval(draw, REDRAW_MS).unref();
  return {
    progress: (event) => {
      board = advanceBoard(board, event, clock.now());
      const text = renderEvent(event, layout());
      if (text !== null) terminal.print(text);
      draw();
    },
    close: () => {
      clearInterval(timer);
      terminal.close();
    },
  };
}
