import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createWorld, type RecipeSetup, rowOf, type World } from "../../support/world.ts";
import { copySeeded } from "../copy-seeded.ts";
import { report } from "../fault.ts";
import { possessionsOf } from "../possessions.ts";

const DEPLOY_LIMIT_MS = 7_000;
/** One try of a probe, the end of a group, and a loaded machine. */
const MARGIN_MS = 40_000;

/** What an app answers to the probe of its health, and what is seen of it. */
const ANSWERS: Readonly<
  Record<string, { what: string; seen: RegExp; scheme?: "https"; answer: (socket: Socket) => void }>
> = {
  silent: { what: "accepts and says nothing", seen: /no answer within 5 s/, answer: () => {} },
  trickles: { what: "sends a head byte by byte, for ever", seen: /no answer within 5 s/, answer: trickle },
  resets: {
    what: "resets the connection",
    seen: /ECONNRESET|socket hang up/,
    answer: (socket) => void socket.resetAndDestroy(),
  },
  garbage: {
    what: "answers with what is no HTTP",
    seen: /Parse Error/,
    answer: (socket) => void socket.end("\0\x01 garbage\n\n"),
  },
  "broken-tls": {
    what: "speaks no TLS where TLS is wanted",
    seen: /SSL|wrong version|EPROTO/i,
    scheme: "https",
    answer: (socket) => void socket.end("HTTP/1.1 200 OK\r\n\r\n"),
  },
  redirects: {
    what: "redirects to itself",
    seen: /HTTP 302/,
    answer: (socket) =>
      void socket.end("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
  },
};

it("an app without visible health is red at its limit, with the last thing seen", async (context) => {
  const names = Object.keys(ANSWERS);
  const halves = [names.slice(0, 3), names.slice(3)];
  for (const { world, document, before, recipes } of await Promise.all(halves.map(sweepUnhealthy))) {
    expect(rowOf(document, "z-good").label).toBe("PASS (promoted 1.1.0+1)");
    for (const name of recipes) {
      const row = rowOf(document, name);
      const label = "FAIL (red at install; canonical unchanged: 1.0.0+1)";
      expect({ name, label: row.label }, row.detail).toEqual({ name, label });
      expect(row.detail, name).toContain("health did not end within 7 s (timeouts.deploy); last seen: ");
      expect(row.detail, name).toMatch(ANSWERS[name]?.seen ?? /never/);
      expect(row.tiers[0]?.durationMs, name).toBeLessThan(DEPLOY_LIMIT_MS + MARGIN_MS);
      report(context, {
        kind: "network fault",
        name: `an app that ${ANSWERS[name]?.what}`,
        outcome: `${label}; ${/did not end.*/.exec(row.detail)?.[0]}`,
        lost: before.lost(name),
        touched: before.touched(),
      });
    }
    expect(world.processes()).toEqual([]);
  }
});

it("an app with an endless answer is healthy by its status", async (context) => {
  const world = createWorld();
  const endless = await listen((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const timer = setInterval(() => socket.write(`10000\r\n${" ".repeat(65_536)}\r\n`), 5);
    socket.on("close", () => clearInterval(timer));
  });
  const commands = { url: urlWhileUp(`http://127.0.0.1:${endless}`) };
  const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
  expect((await world.call("sweep")).exit).toBe(0);
  notes.publish("1.1.0+1");
  notes.change({ commands, files: Object.fromEntries(TESTS_THAT_ASK.map((path) => [path, null])) });
  const before = possessionsOf(world);
  const { document } = await world.json("sweep", "--only-sync");
  const run = await world.json("run", "notes", "--no-promote", "--tier", "install");
  expect(document.recipes).toHaveLength(1);
  expect(rowOf(run.document, "notes").tiers[0]).toMatchObject({ tier: "install", status: "passed" });
  report(context, {
    kind: "network fault",
    name: "an app that answers 200 with a body without an end",
    outcome: "install passed; nothing of the body is waited for",
    lost: before.lost("notes"),
    touched: before.touched(),
  });
});

const TESTS_THAT_ASK = ["tests/install/says-its-version"];

async function sweepUnhealthy(recipes: readonly string[]) {
  const world: World = createWorld();
  const good = world.recipe("z-good", { releases: ["1.0.0+1"] });
  expect((await world.call("sweep")).exit).toBe(0);
  good.publish("1.1.0+1");
  const setups: Record<string, RecipeSetup> = {};
  for (const name of recipes) {
    const { answer = () => {}, scheme = "http" } = ANSWERS[name] ?? {};
    const url = `${scheme}://127.0.0.1:${await listen(answer)}`;
    const settings = { canonical: true, timeouts: { deploy: `${DEPLOY_LIMIT_MS}ms` } };
    setups[name] = { settings, commands: { url: urlWhileUp(url) } };
  }
  copySeeded(world, good, setups);
  const before = possessionsOf(world);
  const { document } = await world.json("sweep");
  return { world, document, before, recipes };
}

/** What `url` prints while the app runs; before, it fails. */
function urlWhileUp(url: string): string {
  return `test -e "$SWEEP_DATA/run/port" && echo ${url}`;
}

async function listen(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

function trickle(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\nX-Slow: ");
  const timer = setInterval(() => socket.write("a"), 500);
  socket.on("close", () => clearInterval(timer));
}
