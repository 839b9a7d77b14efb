import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createToolbox, type Toolbox } from "../../src/command/toolbox.ts";
import { listProcesses, readEnvironment } from "../../src/host/proc.ts";
import { askUpstream } from "../../src/mirror/ask.ts";
import type { UpstreamRefs } from "../../src/mirror/refs.ts";
import { readCachedRefs, writeCachedRefs } from "../../src/mirror/refs-cache.ts";
import { type GitServer, startGitServer } from "../support/git-server.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";
import { type Desk, openDesk } from "./desk.ts";

let desk: Desk;
let server: GitServer;
let upstream: Upstream;

beforeEach(async () => {
  desk = openDesk({ timeoutMs: 20_000, lowSpeedSeconds: 1 });
  const root = join(desk.folder, "served");
  mkdirSync(root);
  upstream = createUpstream(join(root, "app.git"));
  server = await startGitServer(root);
});
afterEach(async () => {
  await server.close();
  desk[Symbol.dispose]();
});

const ask = (url: string, tools = desk.tools) => askUpstream(url, tools, desk.environment, desk.step);

/** Tools whose ssh is `local-ssh`, with these variables. */
function toolsWithSsh(variables: Readonly<Record<string, string>> = {}): Toolbox {
  const bin = join(desk.folder, "bin");
  mkdirSync(bin);
  const set = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  const program = resolve("test/programs/local-ssh");
  writeFileSync(join(bin, "ssh"), `#!/bin/sh\n${set.join("")}exec ${program} "$@"\n`);
  chmodSync(join(bin, "ssh"), 0o755);
  return createToolbox([bin, "/usr/bin", "/bin"]);
}

async function refsOf(url: string, tools?: Toolbox): Promise<UpstreamRefs> {
  const asked = await ask(url, tools);
  if (!asked.ok) throw new Error(asked.failure.message);
  return asked.value;
}

async function failureOf(url: string, tools?: Toolbox) {
  const asked = await ask(url, tools);
  if (asked.ok) throw new Error(`answered: ${JSON.stringify(asked.value)}`);
  return asked.failure;
}

describe("a question to upstream", () => {
  it("tells annotated tags from lightweight ones, over HTTP, a path and ssh alike, with one command each", async () => {
    upstream.commit({ "compose.yml": "services: {}\n" });
    const annotated = upstream.tag("1.0.0+1.2");
    const light = upstream.tag("1.1.0+1.3", { lightweight: true });
    const head = upstream.commit({ "compose.yml": "services: {a: {}}\n" });
    const ssh = toolsWithSsh();
    const wanted = {
      defaultBranch: "main",
      head,
      tags: [
        { name: "1.0.0+1.2", ...annotated },
        { name: "1.1.0+1.3", ...light },
      ],
    };
    expect(annotated.object).not.toBe(annotated.commit);
    expect(light.object).toBe(light.commit);
    expect(await refsOf(server.urlOf("app.git"))).toEqual(wanted);
    expect(await refsOf(upstream.url)).toEqual(wanted);
    expect(await refsOf(upstream.folder)).toEqual(wanted);
    expect(await refsOf(`git@example.org:${upstream.folder}`, ssh)).toEqual(wanted);
    expect(await refsOf(`ssh://git@example.org${upstream.folder}`, ssh)).toEqual(wanted);
    expect(desk.commands).toHaveLength(5);
    expect(server.count("list")).toBe(1);
    expect(server.count("fetch")).toBe(0);
  });

  it("finds the default branch where it is called master, and no branch where HEAD is detached", async () => {
    const old = createUpstream(join(desk.folder, "served/old.git"), "master");
    const commit = old.commit({ a: "1" });
    expect(await refsOf(server.urlOf("old.git"))).toMatchObject({ defaultBranch: "master", head: commit });
    old.git("update-ref", "--no-deref", "HEAD", commit);
    expect(await refsOf(server.urlOf("old.git"))).toMatchObject({ defaultBranch: null, head: commit });
  });

  it("is answered by an upstream without a commit: an answer without tags is an answer", async () => {
    expect(await refsOf(server.urlOf("app.git"))).toEqual({ defaultBranch: null, head: null, tags: [] });
  });

  it("reads a tag of a file, which cannot be checked out", async () => {
    upstream.commit({ key: "a key\n" });
    const blob = upstream.git("rev-parse", "main:key");
    upstream.git("update-ref", "refs/tags/key", blob);
    expect((await refsOf(server.urlOf("app.git"))).tags).toEqual([
      { name: "key", object: blob, commit: blob },
    ]);
  });

  it.each([401, 403, 404, 500, 503])(
    "fails with git's own words when the server answers %d",
    async (status) => {
      upstream.commit({ a: "1" });
      server.trouble("app.git", { kind: "status", status });
      const failure = await failureOf(server.urlOf("app.git"));
      expect(failure.cause).toBe("machinery");
      expect(failure.message).toMatch(
        /^git ls-remote of http:\/\/127\.0\.0\.1:\d+\/app\.git exited with 128: fatal: /,
      );
    },
  );

  it.each([
    ["a page of a proxy", "<html>Welcome</html>"],
    ["a page of several lines", "<html>\nWelcome\n</html>\n"],
    ["an empty page", ""],
  ])(
    "fails when the answer is %s, which git itself may take for an empty repository",
    async (_what, body) => {
      server.trouble("app.git", { kind: "status", status: 200, body });
      expect((await failureOf(server.urlOf("app.git"))).message).toMatch(
        /exited with 128|not as a git server/,
      );
    },
  );

  it("fails when nobody listens, and when the connection breaks off", async () => {
    upstream.commit({ a: "1" });
    server.trouble("app.git", { kind: "cut", bytes: 40 });
    expect((await failureOf(server.urlOf("app.git"))).cause).toBe("machinery");
    const closed = createServer();
    const port = await new Promise<number>((done) =>
      closed.listen(0, "127.0.0.1", () => done((closed.address() as { port: number }).port)),
    );
    await new Promise((done) => closed.close(done));
    expect((await failureOf(`http://127.0.0.1:${port}/app.git`)).message).toContain("Failed to connect");
  });

  it("gives up on a server that sends a byte now and then", async () => {
    server.trouble("app.git", { kind: "trickle" });
    const failure = await failureOf(server.urlOf("app.git"));
    expect(failure.message).toContain("Operation too slow");
  });

  it("gives up on a server that accepts and says nothing", async () => {
    server.trouble("app.git", { kind: "stall" });
    const failure = await failureOf(server.urlOf("app.git"));
    expect(failure.message).toContain("Operation too slow");
  });

  it("ends at the limit with the whole process group, and names the limit and the last thing seen", async () => {
    server.trouble("app.git", { kind: "stall" });
    const environment = { ...desk.environment, timeoutMs: 1_200, lowSpeedSeconds: 60 };
    const asked = await askUpstream(server.urlOf("app.git"), desk.tools, environment, desk.step);
    expect(asked).toMatchObject({
      ok: false,
      failure: { cause: "timeout", limitMs: 1_200, lastSeen: "nothing: git had not said a word" },
    });
    expect(asked.ok || asked.failure.message).toContain("did not end within 1.2s (timeouts.git)");
    expect(childrenOfTheStep()).toEqual([]);
  });

  it("ends when the operator asks to stop", async () => {
    server.trouble("app.git", { kind: "stall" });
    server.before = () => desk.abort.abort("SIGINT");
    expect(await failureOf(server.urlOf("app.git"))).toMatchObject({ cause: "interrupted" });
    expect(childrenOfTheStep()).toEqual([]);
  });

  it("gives ssh's own words", async () => {
    const says = "ssh: connect to host example.org port 22: Connection refused";
    const failure = await failureOf(`git@example.org:${upstream.folder}`, toolsWithSsh({ SSH_SAYS: says }));
    expect(failure.message).toContain("fatal: Could not read from remote repository.");
    expect(failure.message).toContain(says);
  });

  it("lets ssh neither ask nor wait for ever", async () => {
    const calls = join(desk.folder, "calls");
    upstream.commit({ a: "1" });
    await refsOf(`git@example.org:${upstream.folder}`, toolsWithSsh({ SSH_CALLS: calls }));
    expect(readFileSync(calls, "utf8")).toMatch(
      /BatchMode=yes .*ConnectTimeout=\d+ .*ServerAliveInterval=\d+/,
    );
  });

  it.each(["--upload-pack=touch x", "-x", "-x:y", "", "/a\nb", "app.git", "./a:b"])(
    "refuses %j as an address",
    async (address) => {
      expect(await failureOf(address)).toMatchObject({ cause: "refused" });
      expect(desk.commands).toEqual([]);
    },
  );

  it("refuses a transport that runs programs", async () => {
    expect((await failureOf("ext::sh -c true")).message).toContain("transport 'ext' not allowed");
  });

  it("uses the credentials of an address without showing them anywhere", async () => {
    upstream.commit({ a: "1" });
    server.trouble("app.git", { kind: "password", user: "robot", password: "s3cret-word" });
    const url = server.urlOf("app.git").replace("http://", "http://robot:s3cret-word@");
    const seen: string[] = [];
    server.before = () => {
      for (const { pid } of listProcesses()) seen.push(commandLine(pid));
    };
    expect((await refsOf(url)).defaultBranch).toBe("main");
    expect(seen.some((line) => line.includes("ls-remote"))).toBe(true);
    expect(seen.filter((line) => line.includes("s3cret-word"))).toEqual([]);
    expect(JSON.stringify([desk.commands, desk.lines])).not.toContain("s3cret-word");
    expect(desk.secrets).toContain("s3cret-word");
    expect((await failureOf(server.urlOf("app.git"))).message).toContain("could not read Username");
  });

  it("follows a repository that was renamed, but takes no credentials along", async () => {
    upstream.commit({ a: "1" });
    server.trouble("old.git", { kind: "redirect", to: server.urlOf("app.git") });
    expect((await refsOf(server.urlOf("old.git"))).defaultBranch).toBe("main");
    const url = server.urlOf("old.git").replace("http://", "http://robot:s3cret-word@");
    expect((await failureOf(url)).message).toMatch(/exited with 128/);
    expect(server.requests.filter((each) => each.repository === "app.git" && each.authorization)).toEqual([]);
  });
});

describe("the cache of upstream's answer", () => {
  const refs = { defaultBranch: "main", head: "a".repeat(40), tags: [] };
  const askedAt = "2026-06-17T05:03:14.000Z";

  it("gives back what was written, without the credentials of the address", () => {
    expect(readCachedRefs(desk.state, "app")).toEqual({ state: "absent" });
    writeCachedRefs(desk.state, "app", { upstream: "https://a:b@x.org/y.git", askedAt, refs });
    const upstream = "https://***@x.org/y.git";
    expect(readCachedRefs(desk.state, "app")).toEqual({ state: "read", refs, askedAt, upstream });
  });

  it("is unreadable, not absent, when it is torn", () => {
    writeCachedRefs(desk.state, "app", { upstream: "x", askedAt, refs });
    writeFileSync(desk.state.mirror("app").refs, '{"schema":1');
    expect(readCachedRefs(desk.state, "app")).toMatchObject({ state: "unreadable" });
  });
});

function childrenOfTheStep(): number[] {
  return listProcesses()
    .filter(
      (entry) =>
        readEnvironment(entry.pid).includes(`SWEEP_RUN=${basename(desk.folder)}`) && entry.state !== "Z",
    )
    .map((entry) => entry.pid);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
