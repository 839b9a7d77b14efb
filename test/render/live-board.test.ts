import stringWidth from "string-width";
import { expect, test } from "vitest";
import { advanceBoard, EMPTY_BOARD, renderBoard } from "../../src/render/live-board.ts";
import { createPaint } from "../../src/render/paint.ts";
import type { ProgressEvent } from "../../src/run/progress.ts";

const LAYOUT = { width: 80, paint: createPaint(false) };

function boardAfter(...events: [ms: number, event: ProgressEvent][]) {
  return events.reduce((board, [ms, event]) => advanceBoard(board, event, ms), EMPTY_BOARD);
}

const STARTED: ProgressEvent = {
  kind: "started",
  recipe: "gitea",
  version: "3.6.0+1.24.2",
  expectedMs: 250_000,
};

test("a recipe's line shows its tier, for how long, and how long it took last time", () => {
  const board = boardAfter(
    [0, STARTED],
    [5_000, { kind: "phase", recipe: "gitea", phase: "install", expectedMs: null }],
    [20_000, { kind: "tier-ended", recipe: "gitea", tier: "install", status: "passed", durationMs: 15_000 }],
    [20_000, { kind: "phase", recipe: "gitea", phase: "upgrade", expectedMs: 65_000 }],
  );
  const [line = ""] = renderBoard(board, 62_400, LAYOUT);
  expect(line).toContain("gitea  upgrade 42s (last 1m 05s)  in all 1m 02s (last 4m 10s)  install ✓");
});

test("each recipe under way has a line, and one that has ended has none", () => {
  const other: ProgressEvent = { ...STARTED, recipe: "hedgedoc" };
  const board = boardAfter([0, STARTED], [0, other]);
  expect(renderBoard(board, 0, LAYOUT)).toHaveLength(2);
  const ended = advanceBoard(
    board,
    { kind: "ended", recipe: "gitea", label: "PASS (promoted 3.6.0+1.24.2)", detail: "", durationMs: 1 },
    1,
  );
  expect(renderBoard(ended, 1, LAYOUT).join()).toMatch(/^. hedgedoc /);
});

test("a live line is never as wide as the terminal, so that it can be redrawn", () => {
  const board = boardAfter([0, { ...STARTED, version: `3.6.0+${"家".repeat(60)}` }]);
  for (const width of [40, 60, 80])
    for (const line of renderBoard(board, 0, { ...LAYOUT, width }))
      expect(stringWidth(line)).toBeLessThan(width);
});
