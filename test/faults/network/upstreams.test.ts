import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findMarked } from "../../../src/command/process-group.ts";
import { oneLine } from "../../../src/core/text/one-line.ts";
import { type GitServer, startGitServer } from "../../support/git-server.ts";
import { readRefs } from "../../support/upstream.ts";
import { createWorld, labelsOf, type RecipeSetup, rowOf, type World } from "../../support/world.ts";
import { copySeeded } from "../copy-seeded.ts";
import { report } from "../fault.ts";
import { possessionsOf } from "../possessions.ts";
import { FAULTY_UPSTREAMS, type FaultyUpstream } from "./faulty-upstreams.ts";

const PASSWORD = "hush-hush-word";
const GIT_LIMIT_MS = 8_000;
/** What the end of a group may take (TERM, then KILL), and a loaded machine. */
const MARGIN_MS = 20_000;

describe("sync-failed-128: upstreams that fail", () => {
  it("each blocks its own recipe in git's own words, within its limit, and the others go on", async (context) => {
    const { world, server } = await worldOfUpstreams();
    const elsewhere = await startElsewhere();
    const unhurried = { settings: { canonical: true, timeouts: { git: "60s" } } };
    const good = world.recipe("good", { ...unhurried, releases: ["1.0.0+1"] });
    expect(labelsOf((await world.json("sweep")).document)).toEqual({ good: "PASS (promoted 1.0.0+1)" });
    good.publish("1.1.0+1");
    const addressed = await addressedFaults(world, server, elsewhere.url);
    const faults: Record<string, FaultyUpstream> = { ...FAULTY_UPSTREAMS, ...addressed };
    const setups = Object.entries(faults).map(([name, fault]) => [name, setupOf(fault)] as const);
    copySeeded(world, good, Object.fromEntries(setups));
    for (const [name, { trouble, acts }] of Object.entries(faults))
      if (trouble !== undefined) server.trouble(name, trouble, acts);
    const before = possessionsOf(world);

    const { document, exit, stdout, stderr } = await world.json("sweep");

    expect(rowOf(document, "good").label).toBe("PASS (promoted 1.1.0+1)");
    expect(exit).toBe(3);
    for (const [name, { what, told }] of Object.entries(faults)) {
      const row = rowOf(document, name);
      expect({ name, label: row.label }).toEqual({ name, label: "BLOCKED (sync-failed)" });
      expect(row.detail, name).toMatch(told);
      expect(row, name).toMatchObject({ tiers: [], needsHuman: true });
      expect(world.read("runs", document.run, name, "install.log"), name).toBeNull();
      expect(longestCommand(world, document.run, name), name).toBeLessThan(GIT_LIMIT_MS + MARGIN_MS);
      expect(mirrored(world, name), name).not.toContain("refs/tags/1.1.0+1");
      report(context, {
        kind: "network fault",
        name: `an upstream ${what}`,
        outcome: `${row.label}: ${wordsOf(row.detail)}`,
        lost: before.lost(name),
        touched: before.touched(),
      });
    }
    expect(elsewhere.asked.filter((request) => request.authorization !== undefined)).toEqual([]);
    expect(secretsIn(world, stdout + stderr)).toEqual([]);
    expect(findMarked((environment) => environment.includes(`SWEEP_RUN=${document.run}`))).toEqual([]);
  });
});

type Addressed = FaultyUpstream & { upstream?: string };

function setupOf({ upstream, limit }: Addressed): RecipeSetup {
  const address = upstream === undefined ? {} : { upstream };
  const timeouts = limit === undefined ? {} : { timeouts: { git: limit } };
  return { settings: { canonical: true, ...address, ...timeouts } };
}

async function worldOfUpstreams(): Promise<{ world: World; server: GitServer }> {
  const world = createWorld({ timeouts: { git: `${GIT_LIMIT_MS}ms` } });
  const server = await startGitServer(world.upstreams);
  onTestFinished(() => server.close());
  const withPassword = server.url.replace("http://", `http://sweeper:${PASSWORD}@`);
  world.configure({ upstream: `${withPassword}/{recipe}` });
  return { world, server };
}

/** Upstreams whose fault lies in where they are. */
async function addressedFaults(
  world: World,
  server: GitServer,
  elsewhere: string,
): Promise<Record<string, Addressed>> {
  return {
    "refuses-connections": {
      what: "refuses connections",
      told: /exited with 128: .*(refused|Failed to connect|Couldn't connect)/,
      upstream: `http://127.0.0.1:${await closedPort()}/{recipe}`,
    },
    "no-such-host": {
      what: "has a name that does not exist",
      told: /Could not resolve host|did not end within/,
      upstream: "http://no-such-host.invalid/{recipe}",
    },
    "wrong-certificate": {
      what: "shows a certificate that nobody vouches for",
      told: /exited with 128: .*certificate/,
      upstream: `https://127.0.0.1:${await startTls(world)}/{recipe}`,
    },
    "redirects-with-password": {
      what: "redirects what was asked with a password to another host",
      told: /exited with 128/,
      trouble: { kind: "redirect", to: `${elsewhere}/stolen` },
    },
    "redirects-elsewhere": {
      what: "redirects to another host, which answers as git",
      told: /redirects to another host, http:\/\/localhost:\d+\/stolen\/?; if it has moved there, change the address/,
      trouble: { kind: "redirect", to: `${elsewhere}/stolen` },
      upstream: `${server.url}/{recipe}`,
    },
    "redirects-for-ever": {
      what: "redirects to itself for ever",
      told: /exited with 128: .*redirect/,
      trouble: { kind: "redirect", to: server.urlOf("redirects-for-ever") },
      upstream: `${server.url}/{recipe}`,
    },
  };
}

/** Another host that plays a git server, and remembers who asked. */
async function startElsewhere(): Promise<{ url: string; asked: { authorization: string | undefined }[] }> {
  const asked: { authorization: string | undefined }[] = [];
  const packet = (line: string) => (line.length + 4).toString(16).padStart(4, "0") + line;
  const server = createServer((request, response) => {
    asked.push({ authorization: request.headers.authorization });
    response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
    const line = `${"b".repeat(40)} refs/tags/6.6.6+6\0agent=elsewhere\n`;
    response.end(`${packet("# service=git-upload-pack\n")}0000${packet(line)}0000`);
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, asked };
}

async function startTls(world: World): Promise<number> {
  const [key, cert] = [join(world.root, "key.pem"), join(world.root, "cert.pem")];
  const options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", "/CN=somebody.else", "-days", "2", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", ...options, ...names], { stdio: "ignore" });
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
  server.on("tlsClientError", () => {});
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Git's words without the address that they are about. */
function wordsOf(detail: string): string {
  return oneLine(detail.replace(/ of https?:\S+/, ""), 160);
}

function mirrored(world: World, recipe: string): string[] {
  return [...readRefs(join(world.state, `mirrors/${recipe}.git`)).keys()];
}

function longestCommand(world: World, run: string, recipe: string): number {
  const lines = world.read("runs", run, "sync", recipe, "commands.jsonl")?.trim().split("\n") ?? [];
  expect(lines.length, recipe).toBeGreaterThan(0);
  return Math.max(...lines.map((line) => (JSON.parse(line) as { durationMs: number }).durationMs));
}

/** Where the password stands though it must not: not in the operator's own configuration, nor in its copies. */
function secretsIn(world: World, output: string): string[] {
  const encoded = Buffer.from(`sweeper:${PASSWORD}`).toString("base64");
  const has = (text: string) => text.includes(PASSWORD) || text.includes(encoded);
  const files = Object.keys(world.files()).filter((path) => !path.includes("/configuration/"));
  const found = files.filter((path) => has(readFileSync(path, "utf8")));
  return has(output) ? [...found, "the program's output"] : found;
}
