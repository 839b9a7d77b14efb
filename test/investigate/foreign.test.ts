import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProcessTimes } from "../../src/host/host-load.ts";
import { usedSince } from "../../src/investigate/foreign.ts";

const NONE: ReadonlySet<number> = new Set();

describe("the time that others use on this host", () => {
  it("is the sum of their processes since the last look, and all time of a new process", () => {
    expect(usedSince([times(2, { own: 100 })], [times(2, { own: 130 }), times(3, { own: 7 })], NONE)).toBe(
      37,
    );
  });

  it("does not shrink by a process that ends", () => {
    const old = times(3, { own: 6000, children: 500 });
    expect(usedSince([times(2, { own: 10 }), old], [times(2, { own: 60 })], NONE)).toBe(50);
  });

  it("takes the time of an ended process from the one that waited for it, and nothing twice", () => {
    const before = [times(2, {}), times(3, { parent: 2, own: 6000 })];
    expect(usedSince(before, [times(2, { children: 6020 })], NONE)).toBe(20);
  });

  it("takes the time of an ended process from its grandparent where its parent has ended too", () => {
    const before = [times(2, {}), times(3, { parent: 2, own: 30 }), times(4, { parent: 3, own: 600 })];
    expect(usedSince(before, [times(2, { children: 680 })], NONE)).toBe(50);
  });

  it("leaves out the children of our ancestors, which may be ours", () => {
    const before = [times(2, { own: 5 }), times(3, { parent: 2, own: 6000 })];
    expect(usedSince(before, [times(2, { own: 9, children: 6020 })], new Set([2]))).toBe(4);
  });

  it("tells two processes with the same id apart", () => {
    const before = [times(3, { own: 6000, started: "1" })];
    expect(usedSince(before, [times(3, { own: 8, started: "2" })], NONE)).toBe(8);
  });

  it("is never negative, and never less than the living processes' own time", () => {
    const process = fc.record({
      pid: fc.integer({ min: 1, max: 12 }),
      parent: fc.integer({ min: 0, max: 12 }),
      own: fc.nat(1000),
      children: fc.nat(1000),
    });
    const looks = fc.uniqueArray(process, { selector: ({ pid }) => pid });
    fc.assert(
      fc.property(looks, looks, (first, second) => {
        const before = first.map(({ pid, ...entry }) => times(pid, entry));
        const now = second.map(({ pid, ...entry }) => {
          const was = before.find((each) => each.pid === pid) ?? { own: 0, children: 0 };
          return times(pid, { ...entry, own: was.own + entry.own, children: was.children + entry.children });
        });
        const own = second.reduce((sum, entry) => sum + entry.own, 0);
        expect(usedSince(before, now, NONE)).toBeGreaterThanOrEqual(own);
      }),
    );
  });
});

function times(pid: number, entry: Partial<ProcessTimes>): ProcessTimes {
  return { pid, parent: 1, name: "other", started: "0", own: 0, children: 0, ...entry };
}
