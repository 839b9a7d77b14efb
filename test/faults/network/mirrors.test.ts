import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startGitServer, type Trouble } from "../../support/git-server.ts";
import { copyUpstream, readRefs } from "../../support/upstream.ts";
import { createWorld, rowOf } from "../../support/world.ts";
import { copySeeded } from "../copy-seeded.ts";
import { report } from "../fault.ts";
import { possessionsOf } from "../possessions.ts";

const TOKEN = "forge-token-hush-hush";
const GIT_LIMIT_MS = 4_000;

/** What is wrong with the mirror of each recipe, and the words that its row must have. */
const MIRRORS: Readonly<Record<string, { what: string; told: RegExp; trouble?: Trouble; hook?: string }>> = {
  declines: {
    what: "declines every push by a hook",
    told: /git push .*exited with 1: .*(declined|pre-receive)/,
    hook: "pre-receive",
  },
  "declines-one": {
    what: "declines one tag of an atomic push",
    told: /git push .*exited with 1: .*(declined|atomic)/,
    hook: "update",
  },
  forbids: {
    what: "answers 403 to the push",
    told: /git push .*exited with (1|128): .*403/,
    trouble: { kind: "status", status: 403, body: "no" },
  },
  stalls: {
    what: "never answers the push",
    told: /git push .*did not end within 4\.0s \(timeouts\.git\); last seen: /,
    trouble: { kind: "stall" },
  },
  "breaks-off": {
    what: "breaks the connection off half-way in its answer to the push",
    told: /git push .*exited with (1|128): /,
    trouble: { kind: "instead", answer: (response) => void response.destroy() },
  },
};

it("a mirror that takes no push is never half upstream's, and nothing is tested against it", async (context) => {
  const { world, mirrors, before } = await worldOfMirrors(Object.keys(MIRRORS), (server) => {
    for (const [name, { trouble }] of Object.entries(MIRRORS))
      if (trouble !== undefined) server.trouble(name, trouble, ["push"]);
  });
  for (const [name, { hook }] of Object.entries(MIRRORS))
    if (hook !== undefined) writeHook(join(mirrors, name), hook);
  const refs = () => Object.keys(MIRRORS).map((name) => [...readRefs(join(mirrors, name))]);
  const refsBefore = refs();

  const { document, stdout, stderr } = await world.json("sweep");

  expect(refs()).toEqual(refsBefore);
  for (const [name, { what, told }] of Object.entries(MIRRORS)) {
    const row = rowOf(document, name);
    expect({ name, label: row.label }, row.detail).toEqual({ name, label: "BLOCKED (sync-failed)" });
    expect(row.detail, name).toContain("the mirror is not upstream's");
    expect(row.detail, name).toMatch(told);
    expect(world.read("runs", document.run, name, "install.log"), name).toBeNull();
    report(context, {
      kind: "network fault",
      name: `a mirror that ${what}`,
      outcome: `${row.label}; the mirror has what it had`,
      lost: before.lost(name),
      touched: before.touched(),
    });
  }
  expect(stdout + stderr).not.toContain(TOKEN);
});

/** What the forge of each recipe does with every question, and what its row must say of it. */
const FORGES: Readonly<
  Record<string, { what: string; told: RegExp; answer: (response: ServerResponse) => void }>
> = {
  unauthorized: {
    what: "answers 401",
    told: /answered 401/,
    answer: (response) => response.writeHead(401).end('{"message":"token is required"}'),
  },
  broken: {
    what: "answers 500",
    told: /answered 500/,
    answer: (response) => response.writeHead(500).end("oops"),
  },
  silent: {
    what: "never answers",
    told: /no whole answer within 4\.0s \(timeouts\.git\)/,
    answer: () => {},
  },
  garbage: {
    what: "answers with what is no JSON",
    told: /JSON/,
    answer: (response) => response.writeHead(200).end("<html>welcome</html>"),
  },
  endless: {
    what: "answers without an end",
    told: /more than 16 MiB|no whole answer within/,
    answer: answerForEver,
  },
  redirects: {
    what: "redirects to another host",
    told: /redirect/,
    answer: (response) => response.writeHead(302, { location: "http://localhost:1/stolen" }).end(),
  },
};

it("a forge that fails leaves the sync as good as it is, and is named in the row", async (context) => {
  const forge = await startForge();
  const { world, mirrors, before } = await worldOfMirrors(Object.keys(FORGES), () => {}, forge);
  const { document, stdout, stderr } = await world.json("sweep", "--only-sync");
  for (const [name, { what, told }] of Object.entries(FORGES)) {
    const row = rowOf(document, name);
    expect({ name, label: row.label }, row.detail).toEqual({ name, label: "NOT-RUN (only-sync)" });
    expect(row.warnings?.join() ?? "", name).toMatch(told);
    expect([...readRefs(join(mirrors, name)).keys()], name).toContain("refs/tags/1.1.0+1");
    report(context, {
      kind: "network fault",
      name: `a forge that ${what}`,
      outcome: "synced all the same, with a warning in its own words",
      lost: before.lost(name),
      touched: before.touched(),
    });
  }
  expect(stdout + stderr).not.toContain(TOKEN);
});

/** Recipes with a canonical at 1.0.0, whose upstream has 1.1.0 and whose mirror, over HTTP, has not yet. */
async function worldOfMirrors(
  names: readonly string[],
  prepare: (server: Awaited<ReturnType<typeof startGitServer>>) => void,
  forge?: string,
) {
  const world = createWorld();
  const mirrors = join(world.root, "mirrors/recipes");
  mkdirSync(mirrors, { recursive: true });
  const server = await startGitServer(join(world.root, "mirrors/recipes"));
  onTestFinished(() => server.close());
  const seeded = world.recipe("seeded", { releases: ["1.0.0+1"] });
  expect((await world.call("sweep")).exit).toBe(0);
  copyUpstream(
    seeded.upstream,
    names.map((name) => join(mirrors, name)),
  );
  seeded.publish("1.1.0+1");
  const tokenFile = join(world.root, "token");
  writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
  const setups = names.map((name) => [
    name,
    { settings: { canonical: true, mirror: mirrorOf(server.urlOf(name), forge, name, tokenFile) } },
  ]);
  copySeeded(world, seeded, Object.fromEntries(setups));
  seeded.change({ settings: { canonical: false, reason: "it served to seed the others" } });
  world.configure({ timeouts: { git: `${GIT_LIMIT_MS}ms` } });
  prepare(server);
  return { world, mirrors, before: possessionsOf(world) };
}

function mirrorOf(url: string, forge: string | undefined, name: string, tokenFile: string) {
  if (forge === undefined) return { url };
  return { url, forge: { kind: "gitea", url: `${forge}/${name}`, tokenFile } };
}

function writeHook(bare: string, name: string): void {
  mkdirSync(join(bare, "hooks"), { recursive: true });
  const refuse = name === "update" ? '[ "$1" != refs/tags/1.1.0+1 ] || exit 1' : "exit 1";
  writeFileSync(join(bare, "hooks", name), `#!/bin/sh\n${refuse}\n`, { mode: 0o755 });
}

/** One server that is the forge of each recipe, below a path of its own. */
async function startForge(): Promise<string> {
  const server = createServer((request, response) => {
    const name = (request.url ?? "").split("/")[1] ?? "";
    FORGES[name]?.answer(response);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerForEver(response: ServerResponse): void {
  response.writeHead(200);
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(256 * 1024, " ")));
  };
  response.on("drain", more);
  more();
}
