import { readdirSync, readFileSync } from "node:fs";

/** Times of one process as counted by the kernel, in clock ticks. */
export interface ProcessTimes {
  pid: number;
  parent: number;
  name: string;
  started: string;
  own: number;
  /** Time of its children that have ended and were waited for. */
  children: number;
}

/** Counters of the whole host since its boot. */
export interface HostCounters {
  /** Clock ticks of all cores together. */
  total: number;
  idle: number;
  /** Microseconds in which some task waited; null if the kernel does not say. */
  waitedForCpu: number | null;
  waitedForDisk: number | null;
  loadAverage: number;
  cores: number;
}

/** The kernel's counters of the host; null without `/proc`. */
export function readHostCounters(): HostCounters | null {
  const stat = read("/proc/stat");
  const line = /^cpu +(.+)$/m.exec(stat ?? "")?.[1];
  if (stat === null || line === undefined) return null;
  const ticks = line.split(" ").map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return {
    // The last two, for guests, are already included in the first two.
    total: ticks.slice(0, 8).reduce((sum, each) => sum + each, 0),
    idle: idle + waiting,
    waitedForCpu: waitedFor("cpu"),
    waitedForDisk: waitedFor("io"),
    loadAverage: Number(read("/proc/loadavg")?.split(" ")[0] ?? 0),
    cores: Math.max(1, [...stat.matchAll(/^cpu\d+ /gm)].length),
  };
}

/** The current processes, with the time each has used. */
export function readProcessTimes(): ProcessTimes[] {
  return readdirSync("/proc").flatMap((name) => {
    const text = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : null;
    return text === null ? [] : [parseTimes(Number(name), text)];
  });
}

/** The container of a process, from its control group; null if it is in none. */
export function containerOf(pid: number): string | null {
  return (
    /(?:docker|containerd|libpod)[^\n]*?([0-9a-f]{64})/.exec(read(`/proc/${pid}/cgroup`) ?? "")?.[1] ?? null
  );
}

// The command's name is in parentheses, and may itself contain spaces and parentheses.
function parseTimes(pid: number, text: string): ProcessTimes {
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  const number = (index: number) => Number(fields[index] ?? 0);
  return {
    pid,
    parent: number(1),
    name: text.slice(text.indexOf("(") + 1, end),
    started: fields[19] ?? "",
    own: number(11) + number(12),
    children: number(13) + number(14),
  };
}

function waitedFor(resource: "cpu" | "io"): number | null {
  const total = /^some .*total=(\d+)/m.exec(read(`/proc/pressure/${resource}`) ?? "")?.[1];
  return total === undefined ? null : Number(total);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
