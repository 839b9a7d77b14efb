import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compareVersions, parseVersion } from "../../../src/core/version.ts";
import { fatal } from "./fatal.ts";

/** `recipes/<recipe>`: one checkout for all apps of that recipe. */
export function recipeFolder(recipe: string): string {
  const folder = join(process.env.ABRA_DIR ?? "", "recipes", recipe);
  if (!existsSync(join(folder, ".git"))) fatal(`${recipe} recipe is missing and cannot be cloned: offline`);
  return folder;
}

export function git(folder: string, ...args: string[]): string {
  const result = spawnSync("git", ["-C", folder, ...args], { encoding: "utf8" });
  if (result.status !== 0) fatal(`git ${args[0]}: ${(result.stderr ?? "").trim().split("\n")[0]}`);
  return result.stdout.trim();
}

/** Release tags, newest first. */
export function releases(folder: string): string[] {
  const names = git(folder, "tag", "--list").split("\n").filter(Boolean);
  const versions = names.map(parseVersion).flatMap((parsed) => ("version" in parsed ? [parsed.version] : []));
  return versions.sort((a, b) => compareVersions(b, a)).map((version) => version.name);
}

export function shortCommit(folder: string): string {
  return git(folder, "rev-parse", "--short=8", "HEAD");
}

/** Refuses a tree with untracked or changed files: whoever left them. */
export function refuseDirtyTree(recipe: string, folder: string): void {
  if (git(folder, "status", "--porcelain", "--untracked-files=all") !== "")
    fatal(`${recipe} (${folder}) has locally unstaged changes`);
}

/** Moves the checkout to a release or a commit. */
export function checkOut(recipe: string, folder: string, version: string): void {
  const known = spawnSync("git", ["-C", folder, "rev-parse", "--verify", "--quiet", `${version}^{commit}`]);
  if (known.status !== 0) fatal(`${recipe} has no version ${version}`);
  git(folder, "checkout", "--quiet", "--detach", version);
}

/** The lint rules of level error: only these stop a deploy. */
export function lintForErrors(recipe: string, folder: string): void {
  const tags = git(folder, "for-each-ref", "refs/tags", "--format=%(objecttype) %(refname:short)");
  const lightweight = tags.split("\n").filter((line) => line.startsWith("commit "));
  if (lightweight.length > 0)
    fatal(
      `lint error in ${recipe} configs: R014: only annotated tags used for recipe version ` +
        `(${lightweight[0]?.slice("commit ".length)})`,
    );
}

/** `.env.sample` of the current checkout. */
export function readSample(recipe: string, folder: string): string {
  const path = join(folder, ".env.sample");
  if (!existsSync(path)) fatal(`${recipe} has no .env.sample`);
  return readFileSync(path, "utf8");
}
