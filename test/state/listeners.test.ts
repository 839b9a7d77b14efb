import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { listListeners, parseSockets, processOfSocket } from "../../src/host/listeners.ts";

const HEAD =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const row = (local: string, state: string) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100\n`;

describe("the kernel's tables of sockets", () => {
  it.each([
    ["0100007F:1F90", "127.0.0.1", 8080],
    ["00000000:0035", "0.0.0.0", 53],
    ["00000000000000000000000000000000:01BB", "::", 443],
    ["00000000000000000000000001000000:0016", "::1", 22],
    ["B80D0120000000000000000001000000:0016", "2001:db8::1", 22],
  ])("say that %s is %s port %i", (local, address, port) => {
    expect(parseSockets("tcp", HEAD + row(local, "0A"))).toEqual([
      { protocol: "tcp", address, port, inode: "4711" },
    ]);
  });

  it("name listening sockets, not connected or bound ones", () => {
    expect(parseSockets("tcp", HEAD + row("0100007F:1F90", "01") + row("0100007F:1F90", "06"))).toEqual([]);
    expect(parseSockets("udp", HEAD + row("0100007F:1F90", "01"))).toEqual([]);
    expect(parseSockets("udp", HEAD + row("0100007F:1F90", "07"))).toHaveLength(1);
  });

  it.each(["", "\n", HEAD, "nonsense 0A", row(":", "0A"), row("0100007F", "0A")])(
    "name no listener in %j",
    (text) => {
      expect(parseSockets("tcp", text)).toEqual([]);
    },
  );

  it("name the process that listens, while it does", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const found = listListeners().find((listener) => listener.port === port);
    expect(found).toMatchObject({ protocol: "tcp", address: "127.0.0.1" });
    expect(processOfSocket(found?.inode ?? "")?.pid).toBe(process.pid);
    expect(processOfSocket("0")).toBeNull();
  });
});
