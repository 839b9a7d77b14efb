import { containerOf, type ProcessTimes, readProcessTimes } from "../state/host-load.ts";
import { readEnvironment } from "../state/proc.ts";

/** Docker's own processes work for whoever deploys, and while this runs that is us; its client is its caller's. */
const DOCKERS = /^(dockerd|containerd|containerd-shim.*|runc|docker-proxy|docker-init)$/;
const KERNEL = 2;

/** Tells the time that others use on this host from ours. */
export interface ForeignWatch {
  /** Clock ticks that processes of others have used, as far as they live or were waited for. */
  ticks(): number;
}

/**
 * Ours is what this process started, what carries the id of the run, and what runs in a container that was not there
 * at the beginning; Docker's own processes and the kernel's are nobody's.
 */
export function watchForeign(run: string): ForeignWatch {
  const containersBefore = new Set(readProcessTimes().flatMap(({ pid }) => containerOf(pid) ?? []));
  const known = new Map<string, boolean>();
  const isForeign = (entry: ProcessTimes, byPid: ReadonlyMap<number, ProcessTimes>) => {
    const key = `${entry.pid}/${entry.started}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found =
      !isOurs(entry, byPid, run) && !isNobodys(entry) && !isInNewContainer(entry, containersBefore);
    known.set(key, found);
    return found;
  };
  return {
    ticks: () => {
      const processes = readProcessTimes();
      const byPid = new Map(processes.map((entry) => [entry.pid, entry]));
      const ancestors = new Set(ancestorsOf(process.pid, byPid));
      return (
        processes
          .filter((entry) => isForeign(entry, byPid))
          // What we started and left is waited for by one of our ancestors in the end.
          .reduce((sum, entry) => sum + entry.own + (ancestors.has(entry.pid) ? 0 : entry.children), 0)
      );
    },
  };
}

function isOurs(entry: ProcessTimes, byPid: ReadonlyMap<number, ProcessTimes>, run: string): boolean {
  if (entry.pid === process.pid || ancestorsOf(entry.pid, byPid).includes(process.pid)) return true;
  return readEnvironment(entry.pid).includes(`SWEEP_RUN=${run}`);
}

function isNobodys({ pid, parent, name }: ProcessTimes): boolean {
  return pid === KERNEL || parent === KERNEL || DOCKERS.test(name);
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
