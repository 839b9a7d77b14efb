import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, it } from "vitest";
import { type ReleaseOptions, release } from "../../release/release.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const CHANGELOG =
  "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A tier.\n\n## [0.1.0] - 2026-01-01\n\n- All.\n";
const PASSES = ["true"] as const;
const FAILS = ["false"] as const;

describe("a release of a small repository", () => {
  let folder: string;
  let said: string[];

  beforeEach(async () => {
    folder = temporaryFolder("release");
    said = [];
    write("package.json", { name: "canonical-sweep", version: "0.1.0", files: ["CHANGELOG.md"] });
    write("package-lock.json", {
      name: "canonical-sweep",
      version: "0.1.0",
      packages: { "": { version: "0.1.0" } },
    });
    writeFileSync(join(folder, "CHANGELOG.md"), CHANGELOG);
    writeFileSync(join(folder, ".gitignore"), "releases/\n");
    await git("init", "--quiet", "--initial-branch=main");
    await git("config", "user.name", "A maintainer");
    await git("config", "user.email", "maintainer@example.org");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "Begin");
  });

  it("sets the version, dates the changelog, commits, tags and packs", async () => {
    await releaseIt({});
    expect(JSON.parse(read("package.json")).version).toBe("0.2.0");
    expect(JSON.parse(read("package-lock.json"))).toMatchObject({
      version: "0.2.0",
      packages: { "": { version: "0.2.0" } },
    });
    expect(read("CHANGELOG.md")).toContain(
      "## [Unreleased]\n\n## [0.2.0] - 2026-02-01\n\n### Added\n\n- A tier.",
    );
    expect(await git("log", "-1", "--format=%s")).toBe("Release 0.2.0");
    expect(await git("rev-parse", "v0.2.0^{commit}")).toBe(await git("rev-parse", "HEAD"));
    expect(await git("for-each-ref", "--format=%(contents)", "refs/tags/v0.2.0")).toContain(
      "### Added\n\n- A tier.",
    );
    expect(await git("status", "--porcelain")).toBe("");
    expect(readdirSync(join(folder, "releases")).sort()).toEqual([
      "canonical-sweep-0.2.0.md",
      "canonical-sweep-0.2.0.tgz",
    ]);
    expect(read("releases/canonical-sweep-0.2.0.md")).toBe("### Added\n\n- A tier.\n");
  });

  it("a dry run says every step and changes nothing", async () => {
    const before = await everything();
    await releaseIt({ dryRun: true, check: FAILS });
    expect(said.join("\n")).toMatch(
      /check: false\ncommit: .*\ntag: v0\.2\.0\npackage and notes: .*\n\n### Added/,
    );
    expect(await everything()).toEqual(before);
    expect(existsSync(join(folder, "releases"))).toBe(false);
  });

  it("a release that is made twice is the same release", async () => {
    await releaseIt({});
    const once = await everything();
    await releaseIt({ check: FAILS, today: "2026-03-01" });
    expect(await everything()).toEqual(once);
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      "after the check",
      () => git("reset", "--quiet", "--hard", "HEAD~1").then(() => git("tag", "--delete", "v0.2.0")),
    ],
    ["after the commit", () => git("tag", "--delete", "v0.2.0")],
    ["after the tag", async () => writeFileSync(join(folder, "releases/canonical-sweep-0.2.0.tgz"), "half")],
  ])("a release that was interrupted %s is finished without another check", async (_when, goBack) => {
    await releaseIt({});
    await goBack();
    await releaseIt({ check: FAILS });
    expect(await git("rev-parse", "v0.2.0^{commit}")).toBe(await git("rev-parse", "HEAD"));
    expect(await git("rev-list", "--count", "HEAD")).toBe("2");
    await execa("tar", ["--list", "--gzip", "--file", join(folder, "releases/canonical-sweep-0.2.0.tgz")]);
  });

  it.each<[string, () => Promise<unknown>, Partial<ReleaseOptions>, string]>([
    [
      "a change that is not committed",
      async () => writeFileSync(join(folder, "a"), ""),
      {},
      "commit or undo",
    ],
    [
      "an ignored file in a packed folder",
      async () => {
        mkdirSync(join(folder, "docs"));
        writeFileSync(join(folder, "docs/a.log"), "");
        writeFileSync(join(folder, ".git/info/exclude"), "*.log\n");
      },
      {},
      "would be packed",
    ],
    ["another branch", () => git("switch", "--quiet", "--create", "work"), {}, "git switch main"],
    ["a version that is none", async () => {}, { version: "2" }, "is no version"],
    ["an older version", async () => {}, { version: "0.0.9" }, "is older than 0.1.0"],
    ["a check that fails", async () => {}, { check: FAILS }, "false failed"],
    ["a tag of a commit that is not the release", () => git("tag", "v0.2.0"), {}, "check its release out"],
    [
      "a tag of another commit",
      () => git("tag", "v0.2.0").then(commitNothing),
      {},
      "check its release out as main",
    ],
    [
      "a check that commits",
      async () => {},
      { check: ["git", "commit", "--quiet", "--allow-empty", "-m", "B"] },
      "main moved",
    ],
  ])("%s is refused, and nothing is released", async (_what, prepare, options, words) => {
    await prepare();
    await expect(releaseIt(options)).rejects.toThrow(words);
    expect(JSON.parse(read("package.json")).version).toBe("0.1.0");
    expect(existsSync(join(folder, "releases"))).toBe(false);
  });

  it("a lightweight tag of the release is refused", async () => {
    await releaseIt({});
    await git("tag", "--delete", "v0.2.0");
    await git("tag", "v0.2.0");
    await expect(releaseIt({})).rejects.toThrow("is a lightweight tag");
  });

  it("a linked worktree is released like any other", async () => {
    await git("switch", "--quiet", "--create", "other");
    const linked = join(temporaryFolder("release-linked"), "tree");
    await git("worktree", "add", "--quiet", linked, "main");
    await releaseIt({ folder: linked });
    await releaseIt({ folder: linked, check: FAILS });
    expect(readdirSync(join(linked, "releases"))).toContain("canonical-sweep-0.2.0.tgz");
  });

  it("a later commit is not tagged as a release that has no tag yet", async () => {
    await releaseIt({});
    await git("tag", "--delete", "v0.2.0");
    await commitNothing();
    await expect(releaseIt({})).rejects.toThrow("main went on since");
    expect(await git("tag", "--list")).toBe("");
  });

  function releaseIt(options: Partial<ReleaseOptions>): Promise<void> {
    const say = (line: string) => said.push(line);
    return release({
      version: "0.2.0",
      folder,
      today: "2026-02-01",
      check: PASSES,
      dryRun: false,
      say,
      ...options,
    });
  }

  async function everything(): Promise<string[]> {
    const refs = await git("for-each-ref");
    return [refs, await git("status", "--porcelain"), ...["package.json", "CHANGELOG.md"].map(read)];
  }

  function commitNothing(): Promise<string> {
    return git("commit", "--quiet", "--allow-empty", "--message", "Go on");
  }

  async function git(...args: string[]): Promise<string> {
    return (await execa("git", args, { cwd: folder })).stdout;
  }

  function write(name: string, content: unknown): void {
    writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  }

  function read(name: string): string {
    return readFileSync(join(folder, name), "utf8");
  }
});
