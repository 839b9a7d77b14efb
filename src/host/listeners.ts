import { readdirSync, readlinkSync } from "node:fs";
import { readTextIfAny } from "../state/files.ts";

/** A socket in this machine's network to which others can send. */
export interface Listener {
  protocol: "tcp" | "udp";
  port: number;
  /** `0.0.0.0` and `::` are all addresses. */
  address: string;
  /** Names the socket among those that processes have open. */
  inode: string;
}

/** A state of a socket, as the kernel writes it: TCP listens, UDP is bound and talks to nobody in particular. */
const LISTENING = { tcp: "0A", udp: "07" } as const;

/** What listens in the network of this process; `sctp` is not among it. */
export function listListeners(): Listener[] {
  return (["tcp", "udp"] as const).flatMap((protocol) =>
    [protocol, `${protocol}6`].flatMap((table) =>
      parseSockets(protocol, readTextIfAny(`/proc/net/${table}`) ?? ""),
    ),
  );
}

/** The sockets of one of the kernel's tables that listen; a line that is none of its form is left out. */
export function parseSockets(protocol: Listener["protocol"], table: string): Listener[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
    const [address, port] = local.split(":");
    if (state !== LISTENING[protocol] || inode === undefined || !address || !port) return [];
    return [{ protocol, port: Number.parseInt(port, 16), address: addressOf(address), inode }];
  });
}

/** The process that has a socket open; null where it cannot be known: it ended, or we may not look. */
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

// A process closes what it has open at any time.
function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

// Words of 32 bits in hex, each with its last byte first.
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join(".");
  const groups = bytes.join("").match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
