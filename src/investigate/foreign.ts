import { containerOf, type ProcessTimes, readProcessTimes } from "../host/host-load.ts";
import { readEnvironment } from "../host/proc.ts";

/** Docker's own processes work for the deployer, which is us during a run; its client belongs to its caller. */
const DOCKERS = /^(dockerd|containerd|containerd-shim.*|runc|docker-proxy|docker-init)$/;
const KERNEL = 2;

/** Separates the processor time of others on this host from ours. */
export interface ForeignWatch {
  /** Clock ticks used by foreign processes since the first call, if they are alive or were waited for. */
  ticks(): number;
}

/**
 * Ours are: processes that this one started, processes with the id of the run, and processes in a container that was
 * not there at the beginning. Docker's own processes and the kernel's belong to nobody.
 */
export function watchForeign(run: string): ForeignWatch {
  const containersBefore = new Set(readProcessTimes().flatMap(({ pid }) => containerOf(pid) ?? []));
  const known = new Map<string, boolean>();
  let last: readonly ProcessTimes[] | null = null;
  let used = 0;
  const isForeign = (entry: ProcessTimes, byPid: ReadonlyMap<number, ProcessTimes>) => {
    const before = known.get(keyOf(entry));
    if (before !== undefined) return before;
    const found =
      !isOurs(entry, byPid, run) && !isNobodys(entry, byPid) && !isInNewContainer(entry, containersBefore);
    known.set(keyOf(entry), found);
    return found;
  };
  return {
    ticks: () => {
      const processes = readProcessTimes();
      const byPid = new Map(processes.map((entry) => [entry.pid, entry]));
      const now = processes.filter((entry) => isForeign(entry, byPid));
      used += usedSince(last ?? now, now, new Set(ancestorsOf(process.pid, byPid)));
      last = now;
      return used;
    },
  };
}

/**
 * Clock ticks used between two looks at the same kind of processes; never below 0. An ended process takes nothing away:
 * its earlier ticks are not counted again if its parent inherited them, and otherwise cause no gap. The children of
 * `ancestors` are not counted: in the end these include processes that we started and left.
 */
export function usedSince(
  before: readonly ProcessTimes[],
  now: readonly ProcessTimes[],
  ancestors: ReadonlySet<number>,
): number {
  const last = new Map(before.map((entry) => [keyOf(entry), entry]));
  const inherited = inheritedTicks(before, now);
  return now
    .map((entry) => {
      const was = last.get(keyOf(entry)) ?? { own: 0, children: 0 };
      const own = entry.own - was.own;
      if (ancestors.has(entry.pid)) return own;
      return own + Math.max(0, entry.children - was.children - (inherited.get(entry.pid) ?? 0));
    })
    .reduce((sum, ticks) => sum + ticks, 0);
}

/** For each process that waited for others, the ticks these had used when last seen. */
function inheritedTicks(before: readonly ProcessTimes[], now: readonly ProcessTimes[]): Map<number, number> {
  const living = new Set(now.map(keyOf));
  const ended = new Map(
    before.filter((entry) => !living.has(keyOf(entry))).map((entry) => [entry.pid, entry]),
  );
  const inherited = new Map<number, number>();
  for (const entry of ended.values()) {
    const heir = ancestorsOf(entry.pid, ended).find((pid) => !ended.has(pid));
    if (heir !== undefined) inherited.set(heir, (inherited.get(heir) ?? 0) + entry.own + entry.children);
  }
  return inherited;
}

// The kernel reuses the id of an ended process.
function keyOf({ pid, started }: ProcessTimes): string {
  return `${pid}/${started}`;
}

function isOurs(entry: ProcessTimes, byPid: ReadonlyMap<number, ProcessTimes>, run: string): boolean {
  if (entry.pid === process.pid || ancestorsOf(entry.pid, byPid).includes(process.pid)) return true;
  return readEnvironment(entry.pid).includes(`SWEEP_RUN=${run}`);
}

function isNobodys({ pid, parent, name }: ProcessTimes, byPid: ReadonlyMap<number, ProcessTimes>): boolean {
  if (pid === KERNEL || parent === KERNEL || DOCKERS.test(name)) return true;
  // The daemon's own children: iptables, and itself under another name.
  return byPid.get(parent)?.name === "dockerd";
}

function isInNewContainer({ pid }: ProcessTimes, before: ReadonlySet<string>): boolean {
  const container = containerOf(pid);
  return container !== null && !before.has(container);
}

function ancestorsOf(pid: number, byPid: ReadonlyMap<number, ProcessTimes>): number[] {
  const ancestors: number[] = [];
  for (
    let at = byPid.get(pid)?.parent ?? 0;
    at !== 0 && !ancestors.includes(at);
    at = byPid.get(at)?.parent ?? 0
  )
    ancestors.push(at);
  return ancestors;
}
