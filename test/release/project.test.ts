import { appendFileSync, cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import { describe, expect, it } from "vitest";
import { sectionsOf } from "../../release/changelog.ts";
import { release } from "../../release/release.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = join(import.meta.dirname, "../..");

describe("a release of this project", () => {
  it("changes version, lock and changelog alone, and its package has that version", async () => {
    const folder = await copyOfProject();
    const git = (...args: string[]) => execa("git", args, { cwd: folder }).then(({ stdout }) => stdout);
    const version = await prepared(folder);
    await git("commit", "--quiet", "--all", "--allow-empty", "--message", "Prepare");
    await release({ version, folder, today: "2999-01-01", check: ["true"], dryRun: false, say: () => {} });
    const changed = (await git("diff", "--numstat", "HEAD~1")).split("\n").map((line) => line.split("\t"));
    const isOneOf = (name = "") => ["package.json", "package-lock.json", "CHANGELOG.md"].includes(name);
    expect(changed.filter(([added, , name]) => !isOneOf(name) || Number(added) > 3)).toEqual([]);
    const archive = join(folder, "releases", `canonical-sweep-${version}.tgz`);
    const { stdout } = await execa("tar", [
      "--extract",
      "--gzip",
      "--to-stdout",
      "--file",
      archive,
      "package/package.json",
    ]);
    expect(JSON.parse(stdout).version).toBe(version);
    const { stdout: packed } = await execa("tar", ["--list", "--gzip", "--file", archive]);
    expect(packed.split("\n")).toContain("package/dist/main.js");
    expect(await git("status", "--porcelain")).toBe("");
  });

  async function copyOfProject(): Promise<string> {
    const folder = temporaryFolder("release-of-project");
    const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const { stdout } = await execa("git", ["-c", "safe.directory=*", ...list], { cwd: ROOT });
    for (const path of stdout.split("\0").filter((name) => name !== "" && existsSync(join(ROOT, name))))
      cpSync(join(ROOT, path), join(folder, path));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    await execa("git", ["init", "--quiet", "--initial-branch=main"], { cwd: folder });
    appendFileSync(join(folder, ".git/info/exclude"), "/node_modules\n");
    await execa("git", ["config", "user.name", "A maintainer"], { cwd: folder });
    await execa("git", ["config", "user.email", "maintainer@example.org"], { cwd: folder });
    await execa("git", ["add", "--all"], { cwd: folder });
    await execa("git", ["commit", "--quiet", "--message", "Begin"], { cwd: folder });
    return folder;
  }

  /** The version that comes next, with at least one change in its section. */
  async function prepared(folder: string): Promise<string> {
    const path = join(folder, "CHANGELOG.md");
    const text = readFileSync(path, "utf8");
    const [open] = sectionsOf(text);
    if (open?.body === "")
      writeFileSync(path, text.replace("## [Unreleased]", "$&\n\n### Added\n\n- A change."));
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return open?.version ?? `${semver.inc(version, "minor")}`;
  }
});
