import { readdirSync, readlinkSync } from "node:fs";
import { readTextIfAny } from "../state/files.ts";

/** A socket in this machine's network that others can send to. */
export interface Listener {
  protocol: "tcp" | "udp";
  port: number;
  /** `0.0.0.0` and `::` stand for all addresses. */
  address: string;
  /** Identifies the socket among those that processes have open. */
  inode: string;
}

/** States of a socket as the kernel writes them: TCP listens; UDP is bound without a fixed peer. */
const LISTENING = { tcp: "0A", udp: "07" } as const;

/** The listeners in the network of this process, without `sctp`. */
export function listListeners(): Listener[] {
  return (["tcp", "udp"] as const).flatMap((protocol) =>
    [protocol, `${protocol}6`].flatMap((table) =>
      parseSockets(protocol, readTextIfAny(`/proc/net/${table}`) ?? ""),
    ),
  );
}

/** The listening sockets in one of the kernel's tables; malformed lines are skipped. */
export function parseSockets(protocol: Listener["protocol"], table: string): Listener[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
    const [address, port] = local.split(":");
    if (state !== LISTENING[protocol] || inode === undefined || !address || !port) return [];
    return [{ protocol, port: Number.parseInt(port, 16), address: addressOf(address), inode }];
  });
}

/** The process that has a socket open; null if unknown: it ended, or we lack the permission. */
export function processOfSocket(inode: string): { pid: number; name: string; cgroup: string } | null {
  const pid = readdirSync("/proc").find((name) => /^\d+$/.test(name) && hasOpen(name, `socket:[${inode}]`));
  if (pid === undefined) return null;
  try {
    const [name, cgroup] = ["comm", "cgroup"].map((file) => readTextIfAny(`/proc/${pid}/${file}`) ?? "");
    return { pid: Number(pid), name: name?.trim() ?? "", cgroup: cgroup ?? "" };
  } catch {
    return null;
  }
}

function hasOpen(pid: string, target: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((fd) => linkOf(`${folder}/${fd}`) === target);
  } catch {
    return false;
  }
}

// A process may close any of its files at any time.
function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

// Words of 32 bits in hex, each with its bytes in reverse order.
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join(".");
  const groups = bytes.join("").match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
