import { describe, expect, it } from "vitest";
import { type JournalEvent, underWay } from "../../src/core/records/under-way.ts";
import type { Daemon } from "../../src/serve/daemon.ts";
import { type Health, healthOf, statusLine } from "../../src/serve/health.ts";

const HOLDER = { pid: 7, started: "1", run: "20261108T020000Z-x", command: "sweep", since: "" };
const at = (minute: number) => Date.parse("2026-11-08T02:00:00Z") + minute * 60_000;
const iso = (minute: number) => new Date(at(minute)).toISOString();

/** A sweep that may take an hour, with a tier under way that may take ten minutes. */
const JOURNAL: readonly JournalEvent[] = [
  { ts: iso(0), event: "began", limit: iso(60) },
  { ts: iso(1), event: "started", recipe: "notes" },
  { ts: iso(2), event: "tier-began", recipe: "notes", tier: "install", limit: iso(12) },
];

function healthAt(
  minute: number,
  given: {
    journal?: readonly JournalEvent[];
    isOurs?: boolean;
    lastTurn?: number;
    isSweeping?: boolean;
  } = {},
): Health {
  const { journal = JOURNAL, isOurs = true, isSweeping = true, lastTurn = minute } = given;
  const daemon = { next: null, doing: "", isSweeping, lastTurn: at(lastTurn) } as Daemon;
  const work = { holder: HOLDER, progress: underWay(journal) };
  return healthOf(daemon, work, isOurs ? HOLDER.pid : null, { now: () => at(minute) });
}

describe("the health of the daemon", () => {
  it("is good while every step of its sweep is within its limit, or is being ended just past it", () => {
    for (const minute of [2, 12, 16]) expect(healthAt(minute)).toMatchObject({ ok: true, problems: [] });
  });

  it("ends when a step goes on long after its limit: the watchdog is not fed, and the status says why", () => {
    const health = healthAt(18);
    expect(health).toMatchObject({
      ok: false,
      problems: ["notes: install is 6 minutes past its limit"],
    });
    expect(statusLine(health)).toBe("notes: install is 6 minutes past its limit");
    expect(healthAt(66).problems).toEqual([
      "the sweep is 6 minutes past its limit",
      "notes: install is 54 minutes past its limit",
    ]);
  });

  it("is good again when that step has ended", () => {
    const ended = [
      ...JOURNAL,
      { ts: iso(18), event: "tier-ended", recipe: "notes", tier: "install" },
      { ts: iso(19), event: "labelled", recipe: "notes" },
    ];
    expect(healthAt(20, { journal: ended })).toMatchObject({ ok: true, work: { done: 1, steps: [] } });
  });

  it("does not depend on a run by hand", () => {
    expect(healthAt(18, { isOurs: false })).toMatchObject({ ok: true, problems: [] });
  });

  it("ends when its own loop does not come round", () => {
    const health = healthAt(18, { isOurs: false, isSweeping: false, lastTurn: 10 });
    expect(health.problems).toEqual([`the schedule was not looked at since ${iso(10)}`]);
  });
});
