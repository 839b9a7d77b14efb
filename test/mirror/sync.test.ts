import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askUpstream } from "../../src/mirror/ask.ts";
import { checkOut } from "../../src/mirror/checkout.ts";
import { hasCommit, keepCommit, listKept, releaseKept } from "../../src/mirror/keep.ts";
import { type SyncResult, syncMirror } from "../../src/mirror/sync.ts";
import { type GitServer, startGitServer } from "../support/git-server.ts";
import { createUpstream, readRefs, type Upstream } from "../support/upstream.ts";
import { type Desk, openDesk } from "./desk.ts";

let desk: Desk;
let server: GitServer;
let upstream: Upstream;
let bare: string;

beforeEach(async () => {
  desk = openDesk();
  const root = join(desk.folder, "served");
  mkdirSync(root);
  upstream = createUpstream(join(root, "app.git"));
  upstream.commit({ "compose.yml": "services: {}\n" });
  upstream.tag("1.0.0+1");
  server = await startGitServer(root);
  bare = desk.state.mirror("app").bare;
});
afterEach(async () => {
  await server.close();
  desk[Symbol.dispose]();
});

async function sync(mirror: string | null = null): Promise<SyncResult> {
  const url = server.urlOf("app.git");
  const asked = await askUpstream(url, desk.tools, desk.environment, desk.step);
  if (!asked.ok) throw new Error(asked.failure.message);
  const { state, environment, tools, step } = desk;
  const target = mirror === null ? null : { url: mirror, forge: null };
  return syncMirror(
    { recipe: "app", upstream: url, mirror: target, state, environment },
    asked.value,
    tools,
    step,
  );
}

async function synced(mirror: string | null = null) {
  const result = await sync(mirror);
  if (result.state === "failed") throw new Error(result.problem);
  return result;
}

/** The refs of a faithful copy: `main` and all tags of upstream. */
function faithful(branch = "main"): Map<string, string> {
  const refs = [...upstream.refs()].filter(([name]) => name.startsWith("refs/tags/"));
  return new Map([["refs/heads/main", upstream.refs().get(`refs/heads/${branch}`) ?? ""], ...refs]);
}

function packs(): string[] {
  return readdirSync(join(bare, "objects"), { recursive: true, encoding: "utf8" })
    .filter((name) => /^([0-9a-f]{2}\/|pack\/.*\.pack$)/.test(name))
    .map((name) => join(bare, "objects", name));
}

describe("the local bare mirror", () => {
  it("is upstream's main and tags, tag objects included, and is fetched only when something differs", async () => {
    upstream.tag("1.1.0+1", { lightweight: true });
    expect(await synced()).toMatchObject({ fetched: true, pushed: false, closed: [], notes: [] });
    expect(readRefs(bare)).toEqual(faithful());
    expect(server.count("fetch")).toBe(1);
    expect(await synced()).toMatchObject({ fetched: false, notes: [] });
    expect(server.count("fetch")).toBe(1);
    upstream.commit({ b: "2" });
    expect(await synced()).toMatchObject({ fetched: true });
    expect(readRefs(bare)).toEqual(faithful());
    expect(server.count("fetch")).toBe(2);
  });

  it("older-tag, moved-tag: follows tags that were deleted, moved, or became a folder", async () => {
    upstream.tag("1.2.0+1");
    upstream.tag("a");
    await synced();
    upstream.commit({ b: "2" });
    upstream.deleteTag("1.2.0+1");
    upstream.tag("1.0.0+1", { message: "moved" });
    upstream.deleteTag("a");
    upstream.tag("a/b");
    await synced();
    expect(readRefs(bare)).toEqual(faithful());
  });

  it("merge-commit-recorded: knows the tag's own commit, not the later merge", async () => {
    const tagged = upstream.tag("2.0.0+1");
    const merge = upstream.commit({ b: "merged" });
    const { refs } = await synced();
    expect(refs.head).toBe(merge);
    expect(refs.tags.find((tag) => tag.name === "2.0.0+1")).toEqual({ name: "2.0.0+1", ...tagged });
  });

  it("untagged-commits: a moved main changes main and no tag", async () => {
    const before = await synced();
    upstream.commit({ b: "2" });
    const after = await synced();
    expect(after.refs.tags).toEqual(before.refs.tags);
    expect(after.refs.head).not.toBe(before.refs.head);
  });

  it("calls main what upstream calls master, and follows when upstream renames its branch or rewrites it", async () => {
    rmSync(upstream.folder, { recursive: true });
    upstream = createUpstream(upstream.folder, "master");
    upstream.commit({ a: "1" });
    await synced();
    expect(readRefs(bare)).toEqual(faithful("master"));
    upstream = createUpstream(upstream.folder, "trunk");
    upstream.git("symbolic-ref", "HEAD", "refs/heads/trunk");
    upstream.commit({ rewritten: "yes" }, { from: "none" });
    await synced();
    expect(readRefs(bare)).toEqual(faithful("trunk"));
  });

  it("takes a tag with the name of an option as a tag", async () => {
    upstream.tag("--upload-pack=touch-x");
    await synced();
    expect(readRefs(bare)).toEqual(faithful());
  });

  it("leaves main as it is, and says so, where upstream's HEAD names nothing", async () => {
    await synced();
    const main = readRefs(bare).get("refs/heads/main");
    upstream.git("symbolic-ref", "HEAD", "refs/heads/gone");
    upstream.tag("2.0.0+1", { at: "refs/heads/main" });
    const result = await synced();
    expect(result.notes).toEqual([
      "upstream's HEAD names no commit: its tags are mirrored, `main` is left as it is",
    ]);
    expect(readRefs(bare)).toEqual(new Map([...faithful(), ["refs/heads/main", main ?? ""]]));
  });

  it("asks again where upstream moves between the question and the fetch, and reports what is true then", async () => {
    server.before = (request) => {
      if (request.act !== "list" || server.count("list") !== 2) return;
      upstream.tag("3.0.0+1");
      upstream.deleteTag("1.0.0+1");
    };
    upstream.tag("2.0.0+1");
    const result = await synced();
    expect(result.refs.tags.map((tag) => tag.name)).toEqual(["2.0.0+1", "3.0.0+1"]);
    expect(result.notes).toEqual(["upstream changed while it was fetched; it was asked again"]);
    expect(readRefs(bare)).toEqual(faithful());
  });

  it("sync-failed-128: fails with git's own words, and leaves the mirror as it was", async () => {
    await synced();
    const before = readRefs(bare);
    upstream.tag("2.0.0+1");
    server.trouble("app.git", { kind: "status", status: 500 }, ["fetch"]);
    expect(await sync()).toEqual({
      state: "failed",
      problem: expect.stringMatching(/^git fetch of http.*\/app\.git exited with 128: (fatal|error): /),
    });
    expect(readRefs(bare)).toEqual(before);
    server.trouble("app.git", null);
    await synced();
    expect(readRefs(bare)).toEqual(faithful());
  });

  it("is never half updated: a fetch that breaks off changes no ref", async () => {
    await synced();
    const before = readRefs(bare);
    for (let number = 0; number < 20; number += 1) upstream.tag(`2.${number}.0+1`);
    upstream.commit({ big: "x".repeat(100_000) });
    server.trouble("app.git", { kind: "cut", bytes: 600 }, ["fetch"]);
    expect((await sync()).state).toBe("failed");
    expect(readRefs(bare)).toEqual(before);
  });
});

describe("a kept commit", () => {
  it("outlives its tag and every sync, and can be checked out", async () => {
    const tag = upstream.tag("2.0.0+v1.0");
    await synced();
    const kept = { version: "2.0.0+v1.0", commit: tag.commit, tagObject: tag.object };
    expect(await keepCommit(bare, kept, desk.tools)).toEqual({ ok: true, value: undefined });
    upstream.deleteTag("2.0.0+v1.0");
    upstream.commit({ rewritten: "1" }, { from: "none" });
    upstream.deleteTag("1.0.0+1");
    await synced();
    expect([...readRefs(bare).keys()]).toEqual(["refs/canonical-sweep/keep/2.0.0%2Bv1.0", "refs/heads/main"]);
    upstream.git("--git-dir", bare, "gc", "--quiet", "--prune=now");
    expect(await hasCommit(bare, tag.commit, desk.tools)).toBe(true);
    expect(await listKept(bare, desk.tools)).toEqual([kept]);
    const into = join(desk.folder, "checkout");
    expect(await checkOut(bare, tag.commit, into, desk.tools, desk.step)).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await releaseKept(bare, kept.version, desk.tools)).toMatchObject({ ok: true });
    expect(await releaseKept(bare, kept.version, desk.tools)).toMatchObject({ ok: true });
    expect(await listKept(bare, desk.tools)).toEqual([]);
  });

  it("is refused where the commit is missing or is not the tag's", async () => {
    const tag = upstream.tag("2.0.0+1");
    const other = upstream.commit({ b: "2" });
    await synced();
    const absent = "1".repeat(40);
    const keep = (commit: string, tagObject: string) =>
      keepCommit(bare, { version: "2.0.0+1", commit, tagObject }, desk.tools);
    expect(await keep(absent, absent)).toMatchObject({ ok: false });
    expect(await keep(other, tag.object)).toMatchObject({ ok: false });
    expect(await keep("--all", "--all")).toMatchObject({ ok: false });
    expect(await hasCommit(bare, absent, desk.tools)).toBe(false);
    expect(await hasCommit(bare, tag.object, desk.tools)).toBe(false);
    expect(await hasCommit(join(desk.folder, "nowhere.git"), tag.commit, desk.tools)).toBe(false);
    expect(await listKept(bare, desk.tools)).toEqual([]);
  });
});

describe("a damaged mirror", () => {
  it("is rebuilt with the commits that are kept, which upstream no longer has", async () => {
    const tag = upstream.tag("2.0.0+1");
    await synced();
    await keepCommit(bare, { version: "2.0.0+1", commit: tag.commit, tagObject: tag.object }, desk.tools);
    upstream.deleteTag("2.0.0+1");
    upstream.commit({ other: "history" }, { from: "none" });
    upstream.deleteTag("1.0.0+1");
    await synced();
    const main = upstream.refs().get("refs/heads/main") ?? "";
    removeObject(main);
    const result = await synced();
    expect(result.fetched).toBe(true);
    expect(result.notes).toEqual([
      expect.stringMatching(/^the local mirror was damaged \(.*\) and has been rebuilt/),
    ]);
    expect(await listKept(bare, desk.tools)).toEqual([
      { version: "2.0.0+1", commit: tag.commit, tagObject: tag.object },
    ]);
    expect(readRefs(bare).get("refs/heads/main")).toBe(main);
    expect(readdirSync(desk.state.mirrors)).toEqual(["app.git"]);
  });

  it("names the kept commit that is lost with it, and is put aside instead of removed", async () => {
    const tag = upstream.tag("2.0.0+1");
    await synced();
    await keepCommit(bare, { version: "2.0.0+1", commit: tag.commit, tagObject: tag.object }, desk.tools);
    upstream.deleteTag("2.0.0+1");
    await synced();
    removeObject(tag.object);
    const result = await synced();
    expect(result.notes).toHaveLength(2);
    expect(result.notes[1]).toMatch(
      /^the kept commit of 2\.0\.0\+1 is lost \(.*\); the damaged mirror is kept at /,
    );
    expect(desk.warnings).toEqual(result.notes);
    expect(readdirSync(desk.state.mirrors)).toEqual([
      "app.git",
      expect.stringMatching(/^app\.git\.damaged-/),
    ]);
    expect(readRefs(bare)).toEqual(faithful());
  });

  it("is rebuilt where it has stopped being a repository, and says that its kept commits are unknown", async () => {
    await synced();
    rmSync(join(bare, "HEAD"));
    const result = await synced();
    expect(result.notes[1]).toMatch(/^which commits of canonicals it kept cannot be read/);
    expect(readRefs(bare)).toEqual(faithful());
  });

  it("is rebuilt where a killed git left a lock behind, and loses nothing", async () => {
    await synced();
    const commit = upstream.git("rev-parse", "1.0.0+1^{}");
    const tagObject = upstream.git("rev-parse", "1.0.0+1");
    await keepCommit(bare, { version: "1.0.0+1", commit, tagObject }, desk.tools);
    upstream.deleteTag("1.0.0+1");
    upstream.tag("2.0.0+1");
    writeFileSync(join(bare, "refs/tags/2.0.0+1.lock"), "");
    expect((await synced()).notes).toEqual([expect.stringContaining("has been rebuilt from upstream")]);
    expect(await listKept(bare, desk.tools)).toHaveLength(1);
    expect(await synced()).toMatchObject({ fetched: false, notes: [] });
  });

  it("is not rebuilt because git could not look at it", async () => {
    await synced();
    const { tools, step, state, environment } = desk;
    const program = join(desk.folder, "git");
    const words = "fatal: mmap failed: Cannot allocate memory";
    const script = `#!/bin/sh\ncase "$1" in for-each-ref | fsck) echo "${words}" >&2; exit 128 ;; esac\nexec ${tools.find("git")} "$@"\n`;
    writeFileSync(program, script, { mode: 0o755 });
    const poor = { ...tools, find: () => program };
    const url = server.urlOf("app.git");
    const asked = await askUpstream(url, tools, environment, step);
    if (!asked.ok) throw new Error(asked.failure.message);
    const request = { recipe: "app", upstream: url, mirror: null, state, environment };
    const result = await syncMirror(request, asked.value, poor, step);
    expect(result).toEqual({ state: "failed", problem: `the local mirror ${bare} cannot be read: ${words}` });
    expect(readdirSync(state.mirrors)).toEqual(["app.git"]);
    expect(server.count("fetch")).toBe(1);
  });

  it("is found by a checkout, and healed by the next sync", async () => {
    await synced();
    const blob = upstream.git("rev-parse", "refs/heads/main:compose.yml");
    removeObject(blob);
    const main = upstream.refs().get("refs/heads/main") ?? "";
    const first = await checkOut(bare, main, join(desk.folder, "one"), desk.tools, desk.step);
    expect(first).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining("is damaged and will be rebuilt") },
    });
    expect(await synced()).toMatchObject({ fetched: true });
    expect(await checkOut(bare, main, join(desk.folder, "two"), desk.tools, desk.step)).toMatchObject({
      ok: true,
    });
  });

  it("is rebuilt from the one put aside where a kill came between the two moves", async () => {
    const tag = upstream.tag("2.0.0+1");
    await synced();
    await keepCommit(bare, { version: "2.0.0+1", commit: tag.commit, tagObject: tag.object }, desk.tools);
    renameSync(bare, `${bare}.damaged-20260101T000000000Z`);
    await synced();
    expect(await listKept(bare, desk.tools)).toHaveLength(1);
  });

  // Loose objects only: one file is one object.
  function removeObject(id: string): void {
    const file = packs().find((path) => path.replaceAll("/", "").endsWith(id));
    if (file === undefined) throw new Error(`${id} is no loose object of ${bare}`);
    rmSync(file);
  }
});

describe("a mirror on another server", () => {
  it("gets a push only when it differs, and is read back", async () => {
    const mirror = createUpstream(join(desk.folder, "served/mirror.git"));
    mirror.commit({ own: "branch" }, { branch: "work" });
    mirror.commit({ own: "main" });
    mirror.tag("0.0.1+own");
    const work = mirror.refs().get("refs/heads/work") ?? "";
    await synced();
    await keepCommit(
      bare,
      {
        version: "1.0.0+1",
        commit: upstream.git("rev-parse", "1.0.0+1^{}"),
        tagObject: upstream.git("rev-parse", "1.0.0+1"),
      },
      desk.tools,
    );
    const url = server.urlOf("mirror.git");
    expect(await synced(url)).toMatchObject({ pushed: true });
    expect(mirror.refs()).toEqual(new Map([...faithful(), ["refs/heads/work", work]]));
    expect(await synced(url)).toMatchObject({ pushed: false, fetched: false });
    expect(server.count("push")).toBe(1);
    upstream.deleteTag("1.0.0+1");
    upstream.tag("--receive-pack=x");
    upstream.commit({ rewritten: "1" }, { from: "none" });
    expect(await synced(url)).toMatchObject({ pushed: true });
    expect(mirror.refs()).toEqual(new Map([...faithful(), ["refs/heads/work", work]]));
  });

  it("fails as a whole with the server's words when one ref is refused, and nothing of it is changed", async () => {
    const mirror = createUpstream(join(desk.folder, "served/mirror.git"));
    mirror.commit({ own: "main" });
    mkdirSync(join(mirror.folder, "hooks"));
    const hook =
      '#!/bin/sh\n[ "$1" = refs/heads/main ] && { echo "main is protected" >&2; exit 1; }\nexit 0\n';
    writeFileSync(join(mirror.folder, "hooks/update"), hook, { mode: 0o755 });
    const before = mirror.refs();
    const result = await sync(server.urlOf("mirror.git"));
    expect(result).toMatchObject({ state: "failed", problem: expect.stringContaining("main is protected") });
    expect(mirror.refs()).toEqual(before);
  });

  it("fails when the mirror takes the push and does not keep it", async () => {
    const mirror = createUpstream(join(desk.folder, "served/mirror.git"));
    mkdirSync(join(mirror.folder, "hooks"));
    const hook = "#!/bin/sh\nGIT_DIR=. git update-ref -d refs/tags/1.0.0+1\n";
    writeFileSync(join(mirror.folder, "hooks/post-receive"), hook, { mode: 0o755 });
    expect(await sync(server.urlOf("mirror.git"))).toMatchObject({
      state: "failed",
      problem: expect.stringMatching(/git push succeeded, but .* still differs in: 1\.0\.0\+1$/),
    });
  });
});
