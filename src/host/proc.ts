import { readdirSync, readFileSync } from "node:fs";

export interface ProcessEntry {
  pid: number;
  /** One letter, as in `ps`: `Z` is a zombie. */
  state: string;
  group: number;
}

/** The processes that `/proc` shows. */
export function listProcesses(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)))
    .filter((entry): entry is ProcessEntry => entry !== null);
}

/** The environment with which a process was started, as `NAME=value`; empty if it is gone or not ours. */
export function readEnvironment(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** The start time of a process in clock ticks since boot: with its pid, it names one process for ever. */
export function startTime(pid: number): string | null {
  return readFields(pid)?.[19] ?? null;
}

/** Whether a process lives: its id alone may belong to another by now, and a zombie no longer works. */
export function isRunning(pid: number, started: string | null): boolean {
  const fields = readFields(pid);
  return fields !== null && !/^[ZX]/.test(fields[0] ?? "") && (started === null || fields[19] === started);
}

function readStat(pid: number): ProcessEntry | null {
  const fields = readFields(pid);
  if (fields === null) return null;
  return { pid, state: fields[0] ?? "?", group: Number(fields[2]) };
}

// The command's name is in parentheses, and may itself contain spaces and parentheses.
function readFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** The command with which a process was started, arguments separated by blanks; null if it is gone. */
export function commandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
  } catch {
    return null;
  }
}
