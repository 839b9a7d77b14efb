import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditReport } from "../../src/audit/audit.ts";
import type { Canonical } from "../../src/core/canonical.ts";
import { runProgram } from "../support/program.ts";
import { TEST_GIT_ENVIRONMENT } from "../support/upstream.ts";

/** A copy of a prepared world, in which one lie is planted. */
export interface Copy {
  root: string;
  /** The runs, oldest first. */
  runs: string[];
  /** An absolute path below the state folder. */
  path(...parts: string[]): string;
  /** Replaces a part of a file that must stand in it. */
  edit(path: string, from: string | RegExp, to: string): void;
  /** Changes a JSON file. */
  change<T>(path: string, act: (value: T) => unknown): void;
  /** Changes the record of a recipe. */
  record(recipe: string, act: (record: Canonical) => unknown): void;
  /** Keeps only the lines of a file that pass. */
  keepLines(path: string, isKept: (line: string) => boolean): void;
  /** `git` in the upstream of a recipe. */
  upstream(recipe: string, ...args: string[]): string;
  /** `git` in the bare mirror of a recipe. */
  mirror(recipe: string, ...args: string[]): string;
  audit(): Promise<{ exit: number | null; report: AuditReport & { holds: boolean }; stderr: string }>;
}

/** Copies a world, times and modes included. Its configuration must name its upstreams by a relative path. */
export function copyWorld(root: string): Copy {
  const copy = `${root}-${randomBytes(4).toString("hex")}`;
  execFileSync("cp", ["-a", root, copy]);
  const state = join(copy, "config", "state");
  const path = (...parts: string[]) => join(state, ...parts);
  const change = <T>(file: string, act: (value: T) => unknown) => {
    const value = JSON.parse(readFileSync(file, "utf8")) as T;
    act(value);
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  };
  return {
    root: copy,
    runs: readdirSync(path("runs")).sort(),
    path,
    change,
    edit: (file, from, to) => {
      const text = readFileSync(file, "utf8");
      const edited = text.replace(from, to);
      if (edited === text) throw new Error(`${file} has no ${from}`);
      writeFileSync(file, edited);
    },
    record: (recipe, act) => change(path("canonical", recipe, "canonical.json"), act),
    keepLines: (file, isKept) => {
      const lines = readFileSync(file, "utf8").trimEnd().split("\n");
      const kept = lines.filter(isKept);
      if (kept.length === lines.length) throw new Error(`${file} loses no line`);
      writeFileSync(file, kept.map((line) => `${line}\n`).join(""));
    },
    upstream: (recipe, ...args) => git(join(copy, "upstreams", recipe), args),
    mirror: (recipe, ...args) => git(path("mirrors", `${recipe}.git`), args),
    audit: async () => {
      const { exitCode, stdout, stderr } = await runProgram([
        "--config",
        join(copy, "config"),
        "--json",
        "audit",
      ]);
      if (!stdout.startsWith("{")) throw new Error(`exit ${exitCode}: ${stderr}`);
      return { exit: exitCode, report: JSON.parse(stdout), stderr };
    },
  };
}

function git(cwd: string, args: readonly string[]): string {
  return execFileSync("git", args, {
    cwd,
    env: { ...TEST_GIT_ENVIRONMENT, ...IDENTITY },
    encoding: "utf8",
  }).trim();
}

const IDENTITY = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
};
