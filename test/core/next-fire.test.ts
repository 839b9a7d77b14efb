import { describe, expect, it } from "vitest";
import { readSchedule } from "../../src/config/schedule.ts";
import { nextFire, type PastFires } from "../../src/core/schedule/next-fire.ts";

const SUNDAYS = readSchedule("0 3 * * 0", "UTC");
const at = (text: string) => Date.parse(text);
const never: PastFires = { since: at("2026-11-01T03:00Z"), lastSweep: null, lastFire: null };
const fired = { due: at("2026-11-08T03:00Z"), firedAt: at("2026-11-08T03:00:01Z"), attempts: 1, ended: true };

describe("the next fire of the daemon", () => {
  it.each<[string, PastFires, string, number]>([
    ["the first due time after the first start", never, "2026-11-08T03:00Z", 1],
    ["a sweep by hand since then", { ...never, lastSweep: at("2026-11-09T12:00Z") }, "2026-11-15T03:00Z", 1],
    [
      "a sweep by hand before the due time is none for it",
      { ...never, lastSweep: at("2026-11-08T02:59Z") },
      "2026-11-08T03:00Z",
      1,
    ],
    ["a fire that ended", { ...never, lastFire: fired }, "2026-11-15T03:00Z", 1],
    [
      "a fire that was weeks late stands for all of them",
      { ...never, lastFire: { ...fired, firedAt: at("2026-12-01T09:00Z") } },
      "2026-12-06T03:00Z",
      1,
    ],
    [
      "one that was killed is due still",
      { ...never, lastFire: { ...fired, ended: false } },
      "2026-11-08T03:00Z",
      2,
    ],
    [
      "a sweep by hand did the killed one's work",
      { ...never, lastFire: { ...fired, ended: false }, lastSweep: at("2026-11-08T09:00Z") },
      "2026-11-15T03:00Z",
      1,
    ],
    [
      "one that was killed too often is given up",
      { ...never, lastFire: { ...fired, ended: false, attempts: 3 } },
      "2026-11-15T03:00Z",
      1,
    ],
    [
      "a clock that was set back fires nothing twice",
      { ...never, lastFire: { ...fired, firedAt: at("2026-11-08T02:00Z") } },
      "2026-11-15T03:00Z",
      1,
    ],
  ])("%s", (_name, past, due, attempt) => {
    expect(nextFire(SUNDAYS, past)).toEqual({ due: at(due), attempt });
  });
});
