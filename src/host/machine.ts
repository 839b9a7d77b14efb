import { readlinkSync } from "node:fs";
import { readTextIfAny } from "../state/files.ts";

/** Identifies the machine, its boot and its space of process ids: with these, a pid names one process. */
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
