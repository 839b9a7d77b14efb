import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startProgram } from "../../support/program.ts";
import { createWorld } from "../../support/world.ts";
import { report } from "../fault.ts";
import type { Fault } from "../kinds.ts";
import { possessionsOf } from "../possessions.ts";

const DOCKER = "/usr/bin/docker";
/** The lane has 30 s to answer; then come the end of the client, and a loaded machine. */
const LIMIT_MS = 30_000 + 40_000;

const missing = process.env.CI !== "true" && !existsSync(DOCKER) ? `${DOCKER} is missing` : null;

it.skipIf(missing !== null)(
  `a Docker that does not answer as Docker ends the run within its limit as machinery${missing === null ? "" : ` (${missing})`}`,
  async (context) => {
    const faults = await Promise.all([
      swept("accepts and never answers", () => {}, /not done within 30s \(lease\); last seen: \S+/),
      swept(
        "answers 500 to everything",
        answer("500 Internal Server Error", '{"message":"the store is broken"}'),
        /500 Internal Server Error|the store is broken/,
      ),
      swept(
        "answers with garbage",
        (socket) => void socket.end("\0\x01 this is not HTTP\n"),
        /malformed HTTP|error during connect|Cannot connect/,
      ),
      swept(
        "closes every connection",
        (socket) => void socket.destroy(),
        /EOF|reset|Cannot connect|error during connect/,
      ),
    ]);
    for (const fault of faults) report(context, { kind: "wedge", ...fault });
  },
  200_000,
);

async function swept(
  what: string,
  answers: (socket: Socket) => void,
  told: RegExp,
): Promise<Omit<Fault, "kind">> {
  const world = createWorld();
  const good = world.recipe("notes", { releases: ["1.0.0+1"] });
  expect((await world.call("sweep")).exit).toBe(0);
  good.publish("1.1.0+1");
  const socket = join(world.root, "docker.sock");
  await listen(socket, answers);
  const home = join(world.root, "home");
  const host = `host=unix://${socket}`;
  execFileSync(DOCKER, ["context", "create", "faulty", "--docker", host], {
    env: { HOME: home },
    stdio: "ignore",
  });
  world.configure({ driver: "swarm", lanes: [{ name: "main", context: "faulty" }] });
  good.change({ settings: { commands: undefined } });
  const before = possessionsOf(world);
  const startedMs = Date.now();
  const { exit, stderr } = await startProgram(["--config", world.configuration, "sweep"], {
    env: { HOME: home },
  }).end;
  expect(exit, stderr).toBe(5);
  expect(stderr).toMatch(told);
  expect(stderr).toContain("lane main");
  expect(Date.now() - startedMs).toBeLessThan(LIMIT_MS);
  return {
    name: `a Docker that ${what}`,
    outcome: `exit 5; ${told.exec(stderr)?.[0]}`,
    lost: before.lost("notes"),
    touched: before.touched(),
  };
}

async function listen(path: string, answers: (socket: Socket) => void): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answers(socket));
  });
  await once(server.listen(path), "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
}

function answer(status: string, body: string): (socket: Socket) => void {
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  return (socket) => void socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}
