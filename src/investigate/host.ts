import { setTimeout as wait } from "node:timers/promises";
import type { HostLoad } from "../core/records/investigation.ts";
import { type HostCounters, readHostCounters } from "../host/host-load.ts";
import type { Clock } from "../log.ts";
import { type ForeignWatch, watchForeign } from "./foreign.ts";

/** Duration of the look at the host before anything runs, in milliseconds. */
const FIRST_LOOK_MS = 1_500;
const LOOK_EVERY_MS = 1_000;
/** Looks in the busiest window, which counts for the host. */
const WINDOW = 5;
/** Clock ticks per second: the same in Linux's user space on every architecture. */
const TICKS = 100;

interface Look {
  atMs: number;
  foreign: number;
  counters: HostCounters;
}

/** Observes the host during a run. */
export interface HostWatch {
  /** Observes the work of others for a while, before anything of ours runs. */
  first(): Promise<HostLoad>;
  /** Looks every second from now on, until `end` returns the load. */
  begin(): { end(): HostLoad; busy(): number };
}

/** Watches the work of others on this host; above the share `busyAbove` of its cores it is busy. */
export function watchHost(clock: Clock, run: string, busyAbove: number): HostWatch {
  const watch = watchForeign(run);
  return {
    first: async () => {
      const before = look(clock, watch);
      await wait(FIRST_LOOK_MS);
      const load = loadOf([before, look(clock, watch)], busyAbove);
      // Nothing of ours runs yet, so any wait for the disk is due to others.
      return { ...load, isolated: load.isolated && (load.waitedForDisk ?? 0) <= busyAbove };
    },
    begin: () => {
      const looks = [look(clock, watch)];
      const timer = setInterval(() => looks.push(look(clock, watch)), LOOK_EVERY_MS);
      const finish = () => {
        clearInterval(timer);
        looks.push(look(clock, watch));
      };
      let load: HostLoad | null = null;
      return {
        end: () => {
          if (load !== null) return load;
          finish();
          load = loadOf(looks, busyAbove);
          return load;
        },
        busy: () => usedShare(looks),
      };
    },
  };
}

function look(clock: Clock, watch: ForeignWatch): Look {
  const counters = readHostCounters();
  return { atMs: clock.now(), foreign: watch.ticks(), counters: counters ?? NOTHING_KNOWN };
}

const NOTHING_KNOWN: HostCounters = {
  total: 0,
  idle: 0,
  waitedForCpu: null,
  waitedForDisk: null,
  loadAverage: 0,
  cores: 1,
};

function loadOf(looks: readonly Look[], busyAbove: number): HostLoad {
  const [first] = looks;
  const last = looks.at(-1);
  if (first === undefined || last === undefined) throw new Error("nobody looked at the host");
  const foreign = busiest(looks);
  return {
    isolated: foreign <= busyAbove,
    foreign: rounded(foreign),
    waitedForCpu: waited(first, last, "waitedForCpu"),
    waitedForDisk: waited(first, last, "waitedForDisk"),
    loadAverage: rounded(last.counters.loadAverage / last.counters.cores),
  };
}

function busiest(looks: readonly Look[]): number {
  const ends = looks.slice(1).map((last, index) => {
    const first = looks[Math.max(0, index + 1 - WINDOW)] ?? last;
    return index + 1 < WINDOW && index + 2 < looks.length ? 0 : foreignShare(first, last);
  });
  return Math.max(0, ...ends);
}

function foreignShare(first: Look, last: Look): number {
  const available = ((last.atMs - first.atMs) / 1000) * TICKS * last.counters.cores;
  return available <= 0 ? 0 : Math.min(1, Math.max(0, last.foreign - first.foreign) / available);
}

function waited(first: Look, last: Look, what: "waitedForCpu" | "waitedForDisk"): number | null {
  const [before, after] = [first.counters[what], last.counters[what]];
  const micros = (last.atMs - first.atMs) * 1000;
  if (before === null || after === null || micros <= 0) return null;
  return rounded(Math.min(1, (after - before) / micros));
}

function usedShare(looks: readonly Look[]): number {
  const [first, last] = [looks[0]?.counters, looks.at(-1)?.counters];
  const total = (last?.total ?? 0) - (first?.total ?? 0);
  const idle = (last?.idle ?? 0) - (first?.idle ?? 0);
  return total <= 0 ? 0 : rounded(1 - idle / total);
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}
