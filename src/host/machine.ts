import { readlinkSync } from "node:fs";
import { readTextIfAny } from "../state/files.ts";

/** Which machine this is, since which boot, and in which space of process ids: together they name a process. */
export interface Machine {
  id: string;
  boot: string;
  processes: string;
  name: string;
}

export function thisMachine(): Machine {
  return {
    id: firstLine("/etc/machine-id"),
    boot: firstLine("/proc/sys/kernel/random/boot_id"),
    processes: readlinkSync("/proc/self/ns/pid"),
    name: firstLine("/proc/sys/kernel/hostname"),
  };
}

function firstLine(path: string): string {
  return (readTextIfAny(path) ?? "").trim();
}
