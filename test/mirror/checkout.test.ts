import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkOut } from "../../src/mirror/checkout.ts";
import { createUpstream, type FileContent, readRefs, type Upstream } from "../support/upstream.ts";
import { type Desk, openDesk } from "./desk.ts";

let desk: Desk;
let mirror: Upstream;
let into: string;

beforeEach(() => {
  desk = openDesk();
  mirror = createUpstream(join(desk.folder, "app.git"));
  into = join(desk.folder, "recipes/app");
});
afterEach(() => desk[Symbol.dispose]());

const check = (commit: string, folder = into) =>
  checkOut(mirror.folder, commit, folder, desk.tools, desk.step);
const inCheckout = (...args: string[]) => mirror.git("-C", into, ...args);

function commitRelease(files: Record<string, FileContent>): string {
  return mirror.commit(files);
}

describe("a checkout", () => {
  it("is the commit, detached and clean, with all tags and the mirror as its origin", async () => {
    const old = commitRelease({
      "compose.yml": "old\n",
      "abra.sh": { content: "#!/bin/sh\n", mode: "100755" },
    });
    const tag = mirror.tag("1.0.0+1");
    commitRelease({ "compose.yml": "new\n" });
    mirror.tag("2.0.0+1", { lightweight: true });
    expect(await check(old)).toEqual({ ok: true, value: undefined });
    expect(readFileSync(join(into, "compose.yml"), "utf8")).toBe("old\n");
    expect(lstatSync(join(into, "abra.sh")).mode & 0o111).not.toBe(0);
    expect(inCheckout("status", "--porcelain")).toBe("");
    expect(inCheckout("describe", "--exact-match", "HEAD")).toBe("1.0.0+1");
    expect(() => inCheckout("symbolic-ref", "--quiet", "HEAD")).toThrow();
    expect(readRefs(into).get("refs/tags/1.0.0+1")).toBe(tag.object);
    expect(readRefs(into).has("refs/tags/2.0.0+1")).toBe(true);
    expect(inCheckout("remote", "get-url", "origin")).toBe(mirror.folder);
  });

  it("shares no file with the mirror: what happens to it leaves the mirror whole", async () => {
    const commit = commitRelease({ a: "1" });
    await check(commit);
    for (const name of readdirSync(join(into, ".git/objects"), { recursive: true, encoding: "utf8" })) {
      const path = join(into, ".git/objects", name);
      if (!lstatSync(path).isFile()) continue;
      chmodSync(path, 0o644);
      writeFileSync(path, "broken");
    }
    expect(await check(commit, join(desk.folder, "again"))).toMatchObject({ ok: true });
  });

  it("runs no hook and leaves no hook behind", async () => {
    mkdirSync(join(mirror.folder, "hooks"));
    const touch = `#!/bin/sh\ntouch ${desk.folder}/hooked\n`;
    writeFileSync(join(mirror.folder, "hooks/post-checkout"), touch, { mode: 0o755 });
    expect(await check(commitRelease({ a: "1" }))).toMatchObject({ ok: true });
    expect(readdirSync(desk.folder)).not.toContain("hooked");
    expect(readdirSync(join(into, ".git"))).not.toContain("hooks");
  });

  it("keeps symbolic links within it as links", async () => {
    const commit = commitRelease({ link: { content: "in/../in/file", mode: "120000" }, "in/file": "1" });
    expect(await check(commit)).toMatchObject({ ok: true });
    expect(lstatSync(join(into, "link")).isSymbolicLink()).toBe(true);
  });

  it.each([
    ["an absolute one", { out: "/" }],
    ["one that climbs out", { "in/out": "../../.." }],
    ["one to nothing", { out: "/nowhere/at/all" }],
    ["one through another link", { "in/up": "..", out: "in/up/../other" }],
  ])("is refused for a link that leads out of it: %s", async (_what, links) => {
    const files = Object.entries(links).map(([name, content]) => [name, { content, mode: "120000" }]);
    const commit = commitRelease({ "in/file": "1", ...Object.fromEntries(files) });
    expect(await check(commit)).toMatchObject({
      ok: false,
      failure: { cause: "refused", message: expect.stringContaining("leads out of the checkout") },
    });
    const outside = readdirSync(desk.folder);
    expect(outside.sort()).toEqual(["app.git", "recipes"]);
  });

  it("leaves files of git-lfs as pointers, and says so", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 5\n`;
    const commit = commitRelease({ ".gitattributes": "*.png filter=lfs diff=lfs\n", "logo.png": pointer });
    expect(await check(commit)).toMatchObject({ ok: true });
    expect(readFileSync(join(into, "logo.png"), "utf8")).toBe(pointer);
    expect(desk.warnings).toEqual([expect.stringContaining("git-lfs")]);
  });

  it("is clean where the release ignores its own files", async () => {
    const commit = commitRelease({ ".gitignore": "*\n", ".env.sample": "A=1\n" });
    expect(await check(commit)).toMatchObject({ ok: true });
  });

  it.each([
    ["a commit that is not there", "1".repeat(40)],
    ["an option", "--orphan=x"],
    ["a branch", "main"],
  ])("is refused for %s", async (_what, commit) => {
    commitRelease({ a: "1" });
    expect(await check(commit)).toMatchObject({ ok: false, failure: { cause: "machinery" } });
  });

  it("is refused for a tag of a file, which names no commit", async () => {
    commitRelease({ a: "1" });
    expect(await check(mirror.git("rev-parse", "main:a"))).toMatchObject({ ok: false });
  });

  it("is refused where the folder has something in it already", async () => {
    mkdirSync(into, { recursive: true });
    writeFileSync(join(into, "left-over"), "");
    const done = await check(commitRelease({ a: "1" }));
    expect(done).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining("not an empty directory") },
    });
    expect(readdirSync(mirror.folder)).not.toContain("canonical-sweep-damaged");
  });
});
