import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listProcesses } from "../../src/host/proc.ts";
import { askUpstream } from "../../src/mirror/ask.ts";
import { keepCommit } from "../../src/mirror/keep.ts";
import { type SyncResult, syncMirror } from "../../src/mirror/sync.ts";
import { type Gitea, giteaMissing, startGitea } from "../support/gitea.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";
import { type Desk, openDesk } from "./desk.ts";

interface Pull {
  number: number;
  state: string;
  title: string;
}

const missing = giteaMissing();

describe.skipIf(missing !== null)(
  `a mirror on a real Gitea${missing ? ` (skipped: ${missing})` : ""}`,
  () => {
    let gitea: Gitea;
    let desk: Desk;
    let upstream: Upstream;
    let name: string;
    let made = 0;

    beforeAll(() => {
      gitea = startGitea();
    });
    afterAll(() => gitea?.close());

    beforeEach(async () => {
      desk = openDesk();
      made += 1;
      name = `app-${made}`;
      if (made === 1) await gitea.api("POST", "orgs", { username: "recipes" });
      await gitea.api("POST", "orgs/recipes/repos", { name });
      upstream = createUpstream(join(desk.folder, "upstream.git"), "master");
      upstream.commit({ "compose.yml": "one\n", "README.md": "about\n" });
      upstream.tag("1.0.0+1");
      upstream.tag("1.1.0+1", { lightweight: true });
    });
    afterEach(() => desk[Symbol.dispose]());

    const mirrorUrl = () => `${gitea.url}/recipes/${name}.git`;

    async function sync(changes: { forge?: string; tokenFile?: string } = {}): Promise<SyncResult> {
      const asked = await askUpstream(upstream.url, desk.tools, desk.environment, desk.step);
      if (!asked.ok) throw new Error(asked.failure.message);
      const tokenFile = changes.tokenFile ?? gitea.tokenFile;
      const forge = { kind: "gitea" as const, url: changes.forge ?? gitea.url, tokenFile, issues: false };
      const mirror = { url: mirrorUrl(), forge };
      const { state, environment, tools, step } = desk;
      const request = { recipe: name, upstream: upstream.url, mirror, state, environment };
      return syncMirror(request, asked.value, tools, step);
    }

    async function synced(changes: { forge?: string; tokenFile?: string } = {}) {
      const result = await sync(changes);
      if (result.state === "failed") throw new Error(result.problem);
      return result;
    }

    const withToken = () => mirrorUrl().replace("http://", `http://sweep:${gitea.token}@`);

    function mirrorRefs(): Map<string, string> {
      const lines = upstream.git("ls-remote", "--refs", withToken()).split("\n");
      return new Map(
        lines
          .filter((line) => line !== "")
          .map((line) => [line.split("\t")[1] ?? "", line.split("\t")[0] ?? ""]),
      );
    }

    function refsUnder(prefix: string): Map<string, string> {
      return new Map([...mirrorRefs()].filter(([ref]) => ref.startsWith(prefix)));
    }

    /** Pushes a branch with these files on top of the mirror's `main`, as a person would, and opens a pull request. */
    async function openPull(branch: string, files: Record<string, string>, base = "main"): Promise<number> {
      const work = createUpstream(join(desk.folder, `work-${branch}`));
      work.git("fetch", "--quiet", withToken(), "+refs/heads/main:refs/heads/main");
      work.commit(files, { branch, from: work.git("rev-parse", "refs/heads/main") });
      work.git("push", "--quiet", withToken(), `refs/heads/${branch}`);
      await untilThereIs(`repos/recipes/${name}/branches/${branch}`);
      const body = { head: branch, base, title: branch };
      return (await gitea.api<Pull>("POST", `repos/recipes/${name}/pulls`, body)).number;
    }

    async function untilThereIs(path: string): Promise<void> {
      const limit = Date.now() + 30_000;
      while (
        !(await gitea.api("GET", path).then(
          () => true,
          () => false,
        ))
      ) {
        if (Date.now() > limit) throw new Error(`${path} did not appear`);
        await new Promise((done) => setTimeout(done, 100));
      }
    }

    const stateOf = async (number: number) =>
      (await gitea.api<Pull>("GET", `repos/recipes/${name}/pulls/${number}`)).state;
    const commentsOn = (number: number) =>
      gitea.api<{ body: string }[]>("GET", `repos/recipes/${name}/issues/${number}/comments`);

    it("faithful-mirror: main and tags are upstream's, tag objects included, and what upstream deleted is gone", async () => {
      expect(await synced()).toMatchObject({ pushed: true, notes: [] });
      const tags = [...upstream.refs()].filter(([ref]) => ref.startsWith("refs/tags/"));
      const main = upstream.refs().get("refs/heads/master") ?? "";
      expect(mirrorRefs()).toEqual(new Map([["refs/heads/main", main], ...tags]));
      expect(await synced()).toMatchObject({ pushed: false, fetched: false });

      const bare = desk.state.mirror(name).bare;
      const commit = upstream.git("rev-parse", "1.0.0+1^{}");
      await keepCommit(bare, { version: "1.0.0+1", commit, tagObject: tags[0]?.[1] ?? "" }, desk.tools);
      upstream.deleteTag("1.0.0+1");
      const moved = upstream.commit({ "compose.yml": "rewritten\n" }, { from: "none" });
      const tag = upstream.tag("1.1.0+1", { message: "moved, and annotated now" });
      expect(await synced()).toMatchObject({ pushed: true });
      expect(mirrorRefs()).toEqual(
        new Map([
          ["refs/heads/main", moved],
          ["refs/tags/1.1.0+1", tag.object],
        ]),
      );
    });

    it("faithful-mirror: only pull requests that change nothing are closed, once, with a comment; the rest is untouched", async () => {
      await synced();
      const same = await openPull("same", { "compose.yml": "two\n" });
      const real = await openPull("real", { "README.md": "own words\n" });
      const conflict = await openPull("conflict", { "compose.yml": "three\n" });
      const part = await openPull("part", { "compose.yml": "two\n", "more.yml": "more\n" });
      const elsewhere = await openPull("elsewhere", { "compose.yml": "two\n" }, "real");
      const pulls = refsUnder("refs/pull/");
      const branches = refsUnder("refs/heads/");
      expect(pulls.size).toBeGreaterThanOrEqual(5);

      const main = upstream.commit({ "compose.yml": "two\n" });
      const result = await synced();
      expect(result).toMatchObject({ pushed: true, closed: [{ number: same, title: "same" }], notes: [] });
      expect(await stateOf(same)).toBe("closed");
      for (const number of [real, conflict, part, elsewhere]) {
        expect([number, await stateOf(number), await commentsOn(number)]).toEqual([number, "open", []]);
      }
      const comments = await commentsOn(same);
      expect(comments).toHaveLength(1);
      expect(comments[0]?.body).toContain(`upstream's ${main.slice(0, 12)}`);
      expect(comments[0]?.body).toContain("would change nothing");
      expect(refsUnder("refs/heads/")).toEqual(new Map([...branches, ["refs/heads/main", main]]));
      for (const [ref, object] of pulls)
        if (ref.endsWith("/head")) expect(mirrorRefs().get(ref)).toBe(object);

      await gitea.api("PATCH", `repos/recipes/${name}/pulls/${same}`, { state: "open" });
      expect(await synced()).toMatchObject({ pushed: false, closed: [] });
      expect([await stateOf(same), (await commentsOn(same)).length]).toEqual(["open", 1]);
      const bare = desk.state.mirror(name).bare;
      expect(upstream.git("-C", bare, "for-each-ref", "refs/canonical-sweep/pull/")).toBe("");
    });

    it("keeps the mirror good when its forge does not answer about pull requests, and looks again next time", async () => {
      await synced();
      const same = await openPull("same", { "compose.yml": "two\n" });
      upstream.commit({ "compose.yml": "two\n" });
      const result = await synced({ forge: "http://127.0.0.1:1" });
      expect(result).toMatchObject({ pushed: true, closed: [] });
      expect(result.notes).toEqual([
        expect.stringMatching(/^the pull requests of the mirror were not looked at: GET /),
      ]);
      expect(await stateOf(same)).toBe("open");
      expect(await synced()).toMatchObject({ pushed: false, closed: [{ number: same }] });
    });

    it("has nothing to say where pull requests are switched off", async () => {
      await gitea.api("PATCH", `repos/recipes/${name}`, { has_pull_requests: false });
      await synced();
      upstream.commit({ "compose.yml": "two\n" });
      expect(await synced()).toMatchObject({ pushed: true, closed: [], notes: [] });
    });

    it("finds every pull request, also those that do not fit on one page", async () => {
      await synced();
      const numbers: number[] = [];
      for (let number = 0; number < 4; number += 1)
        numbers.push(await openPull(`same-${number}`, { "compose.yml": "two\n" }));
      upstream.commit({ "compose.yml": "two\n" });
      const { closed } = await synced();
      expect(closed.map((pull) => pull.number).sort()).toEqual(numbers.sort());
    });

    it("fails with the forge's words when the token is refused, and shows the token nowhere", async () => {
      const tokenFile = join(desk.folder, "wrong-token");
      writeFileSync(tokenFile, "0123456789abcdef0123456789abcdef01234567\n", { mode: 0o600 });
      const result = await sync({ tokenFile });
      expect(result).toMatchObject({
        state: "failed",
        problem: expect.stringMatching(/^the mirror is not upstream's: git .* exited with 128: /),
      });
      expect(JSON.stringify([result, desk.lines, desk.commands])).not.toContain("0123456789abcdef0123");
      expect(await sync({ tokenFile: join(desk.folder, "none") })).toMatchObject({
        state: "failed",
        problem: expect.stringContaining("forge token: "),
      });
    });

    it("gives the token to git so that no list of processes shows it, and says when others may read its file", async () => {
      const tokenFile = join(desk.folder, "token");
      copyFileSync(gitea.tokenFile, tokenFile);
      chmodSync(tokenFile, 0o644);
      const seen: string[] = [];
      const watch = setInterval(() => seen.push(...commandLines()), 2);
      const result = await synced({ tokenFile });
      clearInterval(watch);
      expect(result.notes).toEqual([`every user of this machine may read ${tokenFile}: chmod 600 it`]);
      expect(seen.some((line) => line.includes("git push"))).toBe(true);
      const basic = Buffer.from(`canonical-sweep:${gitea.token}`).toString("base64");
      expect(seen.filter((line) => line.includes(gitea.token) || line.includes(basic))).toEqual([]);
      expect(desk.secrets).toEqual(expect.arrayContaining([gitea.token, basic]));
    });
  },
);

function commandLines(): string[] {
  return listProcesses().map(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  });
}
