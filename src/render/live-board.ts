import { formatDuration } from "../core/duration.ts";
import type { Tier } from "../core/tier.ts";
import type { ProgressEvent } from "../run/progress.ts";
import type { Layout } from "./paint.ts";
import { cutTo, visible } from "./width.ts";

interface ActiveRecipe {
  version: string;
  startedMs: number;
  expectedMs: number | null;
  phase: string;
  phaseStartedMs: number;
  phaseExpectedMs: number | null;
  ended: { tier: Tier; status: string }[];
}

/** The work under way: the current recipes, in the order of their start. */
export interface LiveBoard {
  active: ReadonlyMap<string, ActiveRecipe>;
  sync: { done: number; of: number } | null;
}

export const EMPTY_BOARD: LiveBoard = { active: new Map(), sync: null };

/** The board after an event; `now` in milliseconds since the epoch. */
export function advanceBoard(board: LiveBoard, event: ProgressEvent, now: number): LiveBoard {
  switch (event.kind) {
    case "syncing":
      return { ...board, sync: { done: 0, of: event.recipes } };
    case "synced":
      return { ...board, sync: event.done >= event.of ? null : { done: event.done, of: event.of } };
    case "started":
      return withRecipe(board, event.recipe, {
        ...startedRecipe(event.version, now),
        expectedMs: event.expectedMs,
      });
    case "phase":
      return withRecipe(board, event.recipe, {
        ...(board.active.get(event.recipe) ?? startedRecipe("", now)),
        phase: event.phase,
        phaseStartedMs: now,
        phaseExpectedMs: event.expectedMs,
      });
    case "tier-ended":
      return withTier(board, event.recipe, { tier: event.tier, status: event.status });
    case "ended": {
      const active = new Map(board.active);
      active.delete(event.recipe);
      return { ...board, active };
    }
    default:
      return board;
  }
}

function startedRecipe(version: string, now: number): ActiveRecipe {
  return {
    version,
    startedMs: now,
    expectedMs: null,
    phase: "prepare",
    phaseStartedMs: now,
    phaseExpectedMs: null,
    ended: [],
  };
}

function withRecipe(board: LiveBoard, recipe: string, row: ActiveRecipe): LiveBoard {
  return { ...board, active: new Map(board.active).set(recipe, row) };
}

function withTier(board: LiveBoard, recipe: string, end: ActiveRecipe["ended"][number]): LiveBoard {
  const row = board.active.get(recipe);
  return row === undefined ? board : withRecipe(board, recipe, { ...row, ended: [...row.ended, end] });
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 200;

/**
 * The live lines: one for each recipe under way, with its phase, its duration so far and the duration before. None is
 * wider than the layout, because a wrapped live line cannot be redrawn.
 */
export function renderBoard(board: LiveBoard, now: number, layout: Layout): string[] {
  const spinner = SPINNER[Math.floor(now / FRAME_MS) % SPINNER.length] ?? "";
  const lines = [...board.active].map(([recipe, row]) => describeActive(recipe, row, now));
  if (board.sync !== null) lines.unshift(`syncing the mirrors, ${board.sync.done} of ${board.sync.of}`);
  return lines.map((line) => `${spinner} ${cutTo(visible(line), layout.width - 3)}`);
}

function describeActive(recipe: string, row: ActiveRecipe, now: number): string {
  const parts = [
    recipe,
    `${row.phase} ${duration(now - row.phaseStartedMs, row.phaseExpectedMs)}`,
    `in all ${duration(now - row.startedMs, row.expectedMs)}`,
    row.ended.map(({ tier, status }) => `${tier} ${MARKS[status] ?? status}`).join(" "),
    row.version,
  ];
  return parts.filter((part) => part !== "").join("  ");
}

const MARKS: Readonly<Record<string, string>> = { passed: "✓", failed: "✗" };

function duration(ms: number, before: number | null): string {
  const now = ms < 60_000 ? `${Math.floor(Math.max(0, ms) / 1000)}s` : formatDuration(ms);
  return before === null ? now : `${now} (last ${formatDuration(before)})`;
}
