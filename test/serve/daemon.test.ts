import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { Fault } from "../../src/fault.ts";
import { createDaemon } from "../../src/serve/daemon.ts";
import type { DaemonParts } from "../../src/serve/daemon-parts.ts";
import { type DaemonRecord, newDaemonRecord } from "../../src/serve/daemon-record.ts";
import type { SweepEnd } from "../../src/serve/sweep-child.ts";

const WEEKLY = { schedule: "0 3 * * 0", timezone: "UTC" } as Config;
const DONE: SweepEnd = { exit: 0, problem: null, locked: false };
const KILLED: SweepEnd = { exit: null, problem: "SIGKILL killed it", locked: false };
const LOCKED: SweepEnd = { exit: 75, problem: null, locked: true };
const HOLDER = { pid: 7, started: "1", run: "20261108T020000Z-x", command: "sweep", since: "" };

interface Fired {
  at: string;
  trigger: string;
}

/** A daemon whose clock runs as fast as it waits, until its end. */
function simulate(setup: {
  from: string;
  until: string;
  record?: DaemonRecord;
  lastSweep?: string;
  ends?: SweepEnd[];
  config?: Config;
  parts?: (now: () => string) => Partial<DaemonParts>;
}) {
  let now = Date.parse(setup.from);
  const stop = new AbortController();
  const fired: Fired[] = [];
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const config = setup.config ?? WEEKLY;
  let lastSweep = setup.lastSweep === undefined ? null : Date.parse(setup.lastSweep);
  let kept: DaemonRecord | null = null;
  const iso = () => new Date(now).toISOString().slice(0, 16);
  const pass = (milliseconds: number) => {
    now += milliseconds;
    if (now >= Date.parse(setup.until)) stop.abort();
  };
  const parts: DaemonParts = {
    clock: { now: () => now },
    log: { info: say, warn: say, error: say } as unknown as DaemonParts["log"],
    signal: stop.signal,
    wait: async (milliseconds) => pass(milliseconds),
    load: () => config,
    lastSweep: () => lastSweep,
    atWork: () => null,
    keep: (record) => {
      kept = record;
    },
    sweep: async (_config, trigger) => {
      fired.push({ at: iso(), trigger });
      const end = setup.ends?.[fired.length - 1] ?? DONE;
      if (end === DONE) lastSweep = now;
      pass(3_600_000);
      return end;
    },
    down: () => [],
    mend: async () => DONE,
    ...setup.parts?.(iso),
  };
  const daemon = createDaemon(parts, config, setup.record ?? newDaemonRecord(now));
  return {
    daemon,
    fired,
    said,
    kept: () => kept,
    run: () => daemon.run(),
    now: () => now,
    doing: () => daemon.doing,
  };
}

describe("the daemon's loop, on a clock that runs fast", () => {
  it("fires once a week, on time", async () => {
    const simulation = simulate({ from: "2026-11-05T12:00Z", until: "2026-11-20T00:00Z" });
    await simulation.run();
    expect(simulation.fired).toEqual([
      { at: "2026-11-08T03:00", trigger: "daemon" },
      { at: "2026-11-15T03:00", trigger: "daemon" },
    ]);
    expect(simulation.kept()?.lastFire).toMatchObject({
      due: "2026-11-15T03:00:00.000Z",
      ended: true,
      exit: 0,
    });
  });

  it("timer-weekly-and-missed: three weeks off are caught up by one sweep, at the start", async () => {
    const record = newDaemonRecord(Date.parse("2026-10-01T00:00Z"));
    const lastSweep = "2026-10-18T03:00:02Z";
    const simulation = simulate({ from: "2026-11-09T08:15Z", until: "2026-11-16T00:00Z", record, lastSweep });
    await simulation.run();
    expect(simulation.fired).toEqual([
      { at: "2026-11-09T08:15", trigger: "catch-up" },
      { at: "2026-11-15T03:00", trigger: "daemon" },
    ]);
  });

  it("waits for a run that is at work, says so once, and fires once when it has ended", async () => {
    const simulation = simulate({
      from: "2026-11-08T02:00Z",
      until: "2026-11-14T00:00Z",
      parts: (now) => ({ atWork: () => (now() < "2026-11-08T05:30" ? HOLDER : null) }),
    });
    await simulation.run();
    expect(simulation.fired).toEqual([{ at: "2026-11-08T05:30", trigger: "daemon" }]);
    expect(simulation.said.filter((line) => line.includes("waits"))).toEqual([
      "a sweep is due since 2026-11-08T03:00:00.000Z, and waits: run 20261108T020000Z-x (sweep) is at work",
    ]);
  });

  it("a sweep that found the lock taken is no attempt, and is tried again", async () => {
    const setup = { from: "2026-11-08T02:00Z", until: "2026-11-14T00:00Z", ends: [LOCKED, LOCKED] };
    const simulation = simulate(setup);
    await simulation.run();
    expect(simulation.fired).toHaveLength(3);
    expect(simulation.kept()?.lastFire).toMatchObject({ attempts: 1, ended: true });
  });

  it("goes on with a sweep that was killed, and gives up after the third time", async () => {
    const setup = { from: "2026-11-08T02:00Z", until: "2026-11-14T00:00Z", ends: [KILLED, KILLED, KILLED] };
    const simulation = simulate(setup);
    await simulation.run();
    expect(simulation.fired).toHaveLength(3);
    expect(simulation.said.join()).toContain("attempt 3");
  });

  it("a faulty configuration keeps a sweep that is due waiting until it is mended", async () => {
    const simulation = simulate({
      from: "2026-11-08T02:00Z",
      until: "2026-11-14T00:00Z",
      parts: (now) => ({
        load: () => {
          if (now() < "2026-11-09T10:00") throw new Fault("configuration", "2 faults", "mend them");
          return WEEKLY;
        },
      }),
    });
    await simulation.run();
    expect(simulation.fired).toEqual([{ at: "2026-11-09T10:00", trigger: "daemon" }]);
    expect(simulation.said.filter((line) => line.includes("2 faults"))).toHaveLength(1);
  });

  it("a schedule that changed on disk is in force at once when the old one is due", async () => {
    const simulation = simulate({
      from: "2026-11-08T02:00Z",
      until: "2026-11-14T00:00Z",
      parts: () => ({ load: () => ({ ...WEEKLY, schedule: "0 4 * * 3" }) }),
    });
    await simulation.run();
    expect(simulation.fired).toEqual([{ at: "2026-11-11T04:00", trigger: "daemon" }]);
  });

  it("stays as small after 10,000 sweeps as it was after 1,000", async () => {
    const heap: number[] = [];
    let sweeps = 0;
    const simulation = simulate({
      from: "2026-01-01T00:00Z",
      until: "2026-01-08T00:00Z",
      config: { ...WEEKLY, schedule: "* * * * *" },
      parts: () => ({
        sweep: async () => {
          sweeps += 1;
          if (sweeps % 1_000 === 0) heap.push(usedHeap());
          return DONE;
        },
        lastSweep: () => null,
        log: { info: () => {} } as unknown as DaemonParts["log"],
      }),
    });
    await simulation.run();
    expect(sweeps).toBeGreaterThan(10_000);
    const [first = 0] = heap;
    const tenth = heap[9] ?? Number.POSITIVE_INFINITY;
    const shown = heap.map((bytes) => Math.round(bytes / 1024)).join(" ");
    expect(tenth - first, `KiB after each 1,000: ${shown}`).toBeLessThan(512 * 1024);
  });
});

describe("a live canonical that is down between two sweeps", () => {
  /** `notes` goes down at the start and is up after so many tries; each try takes a second. */
  function mending(setup: {
    upAfter: number;
    until: string;
    ends?: SweepEnd[];
    atWork?: (now: string) => boolean;
  }) {
    const tries: number[] = [];
    const began = Date.parse("2026-11-08T10:00Z");
    let clock = (): number => began;
    const simulation = simulate({
      from: "2026-11-08T10:00Z",
      until: setup.until,
      lastSweep: "2026-11-08T03:00Z",
      parts: (now) => ({
        down: () => {
          if (setup.atWork?.(now())) return null;
          return tries.length < setup.upAfter ? ["notes"] : [];
        },
        mend: async () => {
          tries.push((clock() - began) / 1000);
          return setup.ends?.[tries.length - 1] ?? { exit: 3, problem: null, locked: false };
        },
      }),
    });
    clock = simulation.now;
    return { ...simulation, tries };
  }

  it("is tried after 15 s, then with pauses that double up to an hour, and no sweep is fired for it", async () => {
    const { fired, run, tries } = mending({ upAfter: 99, until: "2026-11-08T15:00Z" });
    await run();
    const pauses = tries.map((at, index) => at - (tries[index - 1] ?? 0));
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    expect(fired).toEqual([]);
  });

  it("is left alone once it is up; one that goes down later is tried soon again", async () => {
    const { doing, run, said, tries } = mending({ upAfter: 3, until: "2026-11-08T12:00Z" });
    await run();
    expect(tries).toEqual([15, 45, 105]);
    expect(said.at(-1)).toBe("notes: not down any longer");
    expect(doing()).toMatch(/^next sweep /);
  });

  it("is not tried while a run is at work, which tries it itself", async () => {
    const atWork = (now: string) => now < "2026-11-08T10:30";
    const { run, said, tries } = mending({ upAfter: 1, until: "2026-11-08T12:00Z", atWork });
    await run();
    expect(tries).toEqual([1815]);
    expect(said.join()).not.toContain("at work");
  });

  it("is tried without a longer pause after a try that found the lock taken", async () => {
    const { run, tries } = mending({ upAfter: 3, until: "2026-11-08T12:00Z", ends: [LOCKED, LOCKED] });
    await run();
    expect(tries).toEqual([15, 30, 45]);
  });

  it("does not put off a sweep that is due", async () => {
    const { fired, run } = mending({ upAfter: 999, until: "2026-11-16T00:00Z" });
    await run();
    expect(fired).toEqual([{ at: "2026-11-15T03:00", trigger: "daemon" }]);
  });
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function usedHeap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
