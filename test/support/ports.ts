import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { onTestFinished } from "vitest";

/** A port of this host that nothing listened on just now. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen("tcp", "127.0.0.1");
  await close();
  return port;
}

export interface OpenPort {
  port: number;
  close(): Promise<void>;
}

/** Listens on a port of this host, by the process of the test, until the test has finished. */
export async function listenForTest(protocol: "tcp" | "udp", address: string, wanted = 0): Promise<OpenPort> {
  const open = await listen(protocol, address, wanted);
  onTestFinished(() => open.close());
  return open;
}

async function listen(protocol: "tcp" | "udp", address: string, wanted = 0): Promise<OpenPort> {
  const socket = protocol === "tcp" ? createServer() : createSocket(address.includes(":") ? "udp6" : "udp4");
  if ("listen" in socket) socket.listen(wanted, address);
  else socket.bind(wanted, address);
  await once(socket, "listening");
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    const closed = once(socket, "close");
    socket.close();
    await closed;
  };
  return { port: (socket.address() as AddressInfo).port, close };
}
