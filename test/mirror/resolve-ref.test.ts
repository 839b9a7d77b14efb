import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { askUpstream } from "../../src/mirror/ask.ts";
import { resolveRef } from "../../src/mirror/resolve-ref.ts";
import { syncMirror } from "../../src/mirror/sync.ts";
import { type GitServer, startGitServer } from "../support/git-server.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";
import { type Desk, openDesk } from "./desk.ts";

let desk: Desk;
let server: GitServer;
let upstream: Upstream;

beforeEach(async () => {
  desk = openDesk();
  mkdirSync(join(desk.folder, "served"));
  upstream = createUpstream(join(desk.folder, "served/app.git"));
  server = await startGitServer(join(desk.folder, "served"));
  upstream.commit({ a: "1" });
  upstream.tag("1.0.0+1");
  const { state, environment, tools, step } = desk;
  const url = server.urlOf("app.git");
  const asked = await askUpstream(url, tools, environment, step);
  if (!asked.ok) throw new Error(asked.failure.message);
  await syncMirror(
    { recipe: "app", upstream: url, mirror: null, state, environment },
    asked.value,
    tools,
    step,
  );
});
afterEach(async () => {
  await server.close();
  desk[Symbol.dispose]();
});

const resolve = (ref: string) =>
  resolveRef(desk.state.mirror("app").bare, server.urlOf("app.git"), ref, {
    tools: desk.tools,
    environment: desk.environment,
    step: desk.step,
  });

it("the resolver finds the commit of a tag and of main without asking upstream", async () => {
  const before = server.requests.length;
  const commit = upstream.git("rev-parse", "main");
  expect(await resolve("1.0.0+1")).toEqual({ ok: true, value: commit });
  expect(await resolve("main")).toEqual({ ok: true, value: commit });
  expect(await resolve(commit)).toEqual({ ok: true, value: commit });
  expect(server.requests.length).toBe(before);
});

it("the resolver fetches a branch of upstream, and a commit that no tag names", async () => {
  const branch = upstream.commit({ a: "2" }, { branch: "new-login" });
  const moved = upstream.commit({ a: "3" }, { branch: "new-login" });
  expect(await resolve("new-login")).toEqual({ ok: true, value: moved });
  expect(await resolve(branch)).toEqual({ ok: true, value: branch });
  const later = upstream.commit({ a: "4" }, { branch: "new-login" });
  expect(await resolve("new-login")).toEqual({ ok: true, value: later });
});

it.each(["nowhere", "1".repeat(40), "--upload-pack=x", "a..b", "@{-1}"])(
  "the resolver knows no commit by %j",
  async (ref) => {
    expect(await resolve(ref)).toEqual({ ok: true, value: null });
  },
);

it("the resolver does not take an upstream that is away for one without the commit", async () => {
  server.trouble("app.git", { kind: "status", status: 500 });
  expect(await resolve("new-login")).toMatchObject({ ok: false, failure: { cause: "machinery" } });
});
