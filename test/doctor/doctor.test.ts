import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { TESTED_DOCKER } from "../../src/command/tested-docker.ts";
import type { Check } from "../../src/doctor/check.ts";
import type { DoctorReport } from "../../src/doctor/doctor.ts";
import { renderDoctor } from "../../src/render/doctor.ts";
import { createPaint } from "../../src/render/paint.ts";
import { createWorld, type World } from "../support/world.ts";

async function doctor(world: World, ...words: string[]) {
  const { document, exit } = await world.json<DoctorReport>("doctor", ...words);
  const of = (name: string): Check => {
    const check = document.checks.find((entry) => entry.name === name);
    if (check === undefined) throw new Error(`${name} was not looked at`);
    return check;
  };
  return { document, exit, of };
}

/** Puts a program into the folder that is searched first. */
function standIn(world: World, name: string, ...lines: string[]): void {
  const folder = join(world.root, "tools");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/bash\n${lines.join("\n")}\n`);
  chmodSync(join(folder, name), 0o755);
  world.configure({ path: [folder] });
}

/** A docker client that answers what a daemon would. */
function standInDocker(
  world: World,
  swarm: object,
  network: string,
  version = { client: "24.0.7", engine: "24.0.7" },
): void {
  standIn(
    world,
    "docker",
    'case "$*" in',
    `  --version) echo "Docker version ${version.client}, build x" ;;`,
    `  info*) echo '${JSON.stringify({ ServerVersion: version.engine, Swarm: swarm })}' ;;`,
    `  network*) ${network} ;;`,
    "esac",
  );
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const WITHOUT_URL = { commands: { url: null } };

describe("the doctor on a machine that is fit", () => {
  it("has a line for everything, exits with 0, writes nothing, and keeps to 80 columns but for commands", async () => {
    const world = createWorld();
    world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.call("sweep");
    const before = world.files();
    const { document, exit, of } = await doctor(world);
    expect(document.checks.filter(({ isNeeded, result }) => isNeeded && result !== "ok")).toEqual([]);
    expect([document.fit, exit]).toEqual([true, 0]);
    const names = document.checks.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "git",
        "bash",
        "disk",
        "canonicals",
        "upstream",
        "state",
        "lock",
        "clock",
        "PATH",
      ]),
    );
    expect(of("git").found).toMatch(/^\d+\.\d+.* \(\/.*\/git\), at least 2\.38; needed for the mirrors/);
    expect(of("abra")).toMatchObject({ isNeeded: false });
    expect(document.fingerprint).toBe(world.report().environment.fingerprint);
    expect(world.files()).toEqual(before);
    const narrow = renderDoctor(document, { width: 80, paint: createPaint(false) }).split("\n");
    const commands = document.checks.map(({ remedy }) => `  ${remedy?.command}`);
    expect(narrow.filter((line) => line.length > 80 && !commands.includes(line))).toEqual([]);
  });

  it("says that a run is at work, and counts it as no fault", async () => {
    const world = createWorld();
    world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.call("sweep");
    const holder = join(world.state, "lock");
    const held = spawn("flock", [holder, "sh", "-c", "echo held; exec cat"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(held.stdout, "data");
    const { exit, of } = await doctor(world);
    held.stdin.end();
    expect(of("lock").found).toBe("another run is at work");
    expect(exit).toBe(0);
  });
});

describe("the doctor names each fault, with its remedy", () => {
  it("in tools, disk, edge, upstream, state and units at once, and exits with 5", async () => {
    const world = createWorld({
      tools: [{ name: "no-such-tool" }],
      disk: { minFree: "900000GiB" },
      edge: { port: 1, scheme: "http" },
      upstream: "/nonexistent/{recipe}.git",
    });
    world.recipe("notes", WITHOUT_URL);
    writeFileSync(world.state, "no folder");
    standIn(world, "systemctl", 'case "$1" in --version) echo "systemd 252" ;; *) echo enabled ;; esac');
    const { document, exit, of } = await doctor(world);
    expect(exit).toBe(5);
    expect(document.fit).toBe(false);
    expect(of("no-such-tool")).toMatchObject({
      result: "fault",
      remedy: { say: expect.stringContaining("install no-such-tool") },
    });
    expect(of("disk")).toMatchObject({ result: "fault", found: expect.stringContaining("free at") });
    expect(of("edge")).toMatchObject({ result: "fault", found: expect.stringContaining("ECONNREFUSED") });
    expect(of("upstream")).toMatchObject({
      result: "not-known",
      remedy: { command: "git ls-remote /nonexistent/notes.git" },
    });
    expect(of("state")).toMatchObject({ result: "fault", found: `${world.state} is no folder` });
    expect(of("units")).toMatchObject({
      result: "fault",
      found: expect.stringContaining("are both enabled"),
      remedy: { command: "systemctl disable --now canonical-sweep-sweep.timer" },
    });
    const { stdout } = await world.call("doctor");
    expect(stdout).toContain(
      "\nunits: fault\n  keep one of them\n  systemctl disable --now canonical-sweep-sweep.timer\n",
    );
    expect(stdout).toMatch(/\nnot fit: \d+ of \d+ stand in the way of a sweep/);
  });

  it("of a swarm: two nodes, a worker, no swarm, no network proxy", async () => {
    const world = createWorld({ driver: "swarm", edge: { port: 1, scheme: "http" } });
    world.recipe("notes", { commands: {}, settings: { canonical: true } });
    writeFileSync(join(world.configuration, "recipes/notes/recipe.yaml"), '{"canonical": true}');
    const active = { LocalNodeState: "active", ControlAvailable: true, Nodes: 1 };
    standInDocker(world, active, "echo overlay swarm");
    const fit = await doctor(world);
    expect([fit.of("docker daemon").result, fit.of("swarm").result, fit.of("network proxy").result]).toEqual([
      "ok",
      "ok",
      "ok",
    ]);
    standInDocker(world, { ...active, Nodes: 2 }, 'echo "Error: No such network: proxy" >&2; exit 1');
    const two = await doctor(world);
    expect(two.of("swarm")).toMatchObject({ result: "fault", found: expect.stringContaining("2 nodes") });
    expect(two.of("network proxy")).toMatchObject({
      result: "fault",
      remedy: { command: "docker network create --driver overlay --attachable proxy" },
    });
    standInDocker(world, { ...active, ControlAvailable: false }, "exit 1");
    expect((await doctor(world)).of("swarm")).toMatchObject({
      result: "fault",
      found: expect.stringContaining("worker"),
    });
    standInDocker(world, { LocalNodeState: "inactive", ControlAvailable: false }, "exit 1");
    expect((await doctor(world)).of("swarm")).toMatchObject({ remedy: { command: "docker swarm init" } });
  });

  it("of a client or an engine of Docker older or newer than the tested ones, as a note", async () => {
    const world = createWorld({ driver: "swarm", edge: { port: 1, scheme: "http" } });
    world.recipe("notes", { commands: {}, settings: { canonical: true } });
    writeFileSync(join(world.configuration, "recipes/notes/recipe.yaml"), '{"canonical": true}');
    const active = { LocalNodeState: "active", ControlAvailable: true, Nodes: 1 };
    const { newest, oldest } = TESTED_DOCKER;
    const looked = async (client: string, engine: string) => {
      standInDocker(world, active, "echo overlay swarm", { client, engine });
      const { document } = await doctor(world);
      return document.checks.filter(({ name }) => /^docker (version|daemon)$/.test(name));
    };
    const [answers, ...more] = await looked(`${oldest}.24+dfsg1`, `${newest}.99`);
    expect(answers).toMatchObject({
      result: "ok",
      found: `${newest}.99 answers; tested: ${oldest} and ${newest}`,
    });
    expect(more).toEqual([]);
    expect(await looked(`${newest}.0`, "19.03.15")).toMatchObject([
      { result: "ok" },
      {
        name: "docker version",
        result: "note",
        isNeeded: false,
        found: `the engine is 19.03.15, older than ${oldest}, the oldest that is tested`,
      },
    ]);
    const [, newer] = await looked("29.0.0-rc.1", "99.1");
    expect(newer?.found).toBe(
      `the client is 29.0.0, newer than ${newest}, the newest that is tested; ` +
        `the engine is 99.1, newer than ${newest}, the newest that is tested`,
    );
  });

  it("of a docker that hangs, after 10 seconds, and looks at everything else all the same", async () => {
    const world = createWorld({ driver: "swarm", edge: { port: 1, scheme: "http" } });
    world.recipe("notes");
    writeFileSync(join(world.configuration, "recipes/notes/recipe.yaml"), '{"canonical": true}');
    standIn(world, "docker", '[ "$1" = --version ] && { echo "Docker version 24.0.7"; exit; }', "sleep 600");
    const { exit, of } = await doctor(world);
    expect(of("docker daemon")).toMatchObject({
      result: "not-known",
      found: "it did not answer within 10 s",
      remedy: { command: "docker info" },
    });
    expect([of("disk").result, exit]).toEqual(["ok", 5]);
  });
});

describe("the doctor judges certificates as a health probe does", () => {
  function certify(world: World, days: number): { cert: string; key: string } {
    const [cert, key] = ["cert.pem", "key.pem"].map((name) => join(world.configuration, name));
    const names = ["-subj", "/CN=ci.test", "-addext", "subjectAltName=DNS:*.ci.test"];
    const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", String(days), ...names];
    execFileSync("openssl", [...args, "-keyout", key ?? "", "-out", cert ?? ""], { stdio: "ignore" });
    return { cert: readFileSync(cert ?? "", "utf8"), key: readFileSync(key ?? "", "utf8") };
  }

  it("by the days left, and names one that ends too soon, one without trust, and an unreadable authority", async () => {
    const world = createWorld();
    world.recipe("notes", WITHOUT_URL);
    const good = certify(world, 90);
    const port = await listen(createTlsServer(good, (socket) => socket.end()));
    world.configure({ edge: { port, caFile: "cert.pem" } });
    expect((await doctor(world)).of("certificate")).toMatchObject({
      result: "ok",
      found: expect.stringMatching(/^good for warm-notes\.ci\.test, (89|90) days left$/),
    });
    world.configure({ edge: { port } });
    const strange = await doctor(world);
    expect(strange.of("certificate")).toMatchObject({
      result: "fault",
      found: expect.stringContaining("not believed for warm-notes.ci.test"),
    });
    expect(strange.exit).toBe(5);
    const soon = await listen(createTlsServer(certify(world, 3), (socket) => socket.end()));
    world.configure({ edge: { port: soon, caFile: "cert.pem" } });
    expect((await doctor(world)).of("certificate")).toMatchObject({
      result: "fault",
      found: expect.stringContaining("ends before the sweep of the next week"),
    });
    writeFileSync(join(world.configuration, "cert.pem"), "no certificate");
    expect((await doctor(world)).of("caFile")).toMatchObject({ result: "fault" });
  });

  it("and calls an edge unknown that accepts connections and says nothing", async () => {
    const world = createWorld();
    world.recipe("notes", WITHOUT_URL);
    const port = await listen(createTcpServer(() => {}));
    world.configure({ edge: { port } });
    const { exit, of } = await doctor(world);
    expect(of("certificate")).toMatchObject({ result: "not-known", found: "no answer within 10 s" });
    expect(exit).toBe(5);
  });
});

describe("the doctor asks the forge whether it takes the token", () => {
  it("and tells a missing or open file, a refused token, one without the right to push, and a good one apart", async () => {
    const world = createWorld();
    world.recipe("notes", { releases: ["1.0.0+1"] });
    let answer = { status: 401, body: {} as object };
    const port = await listen(
      createHttpServer((_request, response) => {
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.end(JSON.stringify(answer.body));
      }),
    );
    const url = `http://127.0.0.1:${port}`;
    const tokenFile = join(world.root, "token");
    world.configure({
      mirror: { url: `${url}/mirrors/{recipe}.git`, forge: { kind: "gitea", url, tokenFile } },
    });
    expect((await doctor(world)).of("forge token")).toMatchObject({
      result: "fault",
      remedy: { command: `install -m 600 /dev/stdin ${tokenFile}` },
    });
    writeFileSync(tokenFile, "secret-of-the-forge\n", { mode: 0o644 });
    expect((await doctor(world)).of("forge token")).toMatchObject({
      remedy: { command: `chmod 600 ${tokenFile}` },
    });
    chmodSync(tokenFile, 0o600);
    expect((await doctor(world)).of("forge token")).toMatchObject({
      result: "fault",
      found: expect.stringContaining("answered 401"),
    });
    answer = { status: 200, body: { permissions: { push: false } } };
    expect((await doctor(world)).of("forge token").found).toContain("may not push");
    answer = { status: 200, body: { permissions: { push: true } } };
    const fit = await doctor(world);
    expect(fit.of("forge token").result).toBe("ok");
    expect(JSON.stringify(fit.document)).not.toContain("secret-of-the-forge");
    answer = { status: 500, body: {} };
    expect((await doctor(world)).of("forge token").result).toBe("not-known");
  });
});
