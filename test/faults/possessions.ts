import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { listProcesses } from "../../src/host/proc.ts";
import type { World } from "../support/world.ts";

/** What a world has that no fault may take: what was proven, and what the program had not made. */
export interface Possessions {
  /** The files of a recipe's canonical and of its data that are gone or changed since. */
  lost(recipe: string): string[];
  /** What of the operator is no longer as it was: his configuration, his upstreams, his process. */
  touched(): string[];
}

/** Remembers what there is now, and starts a process of the operator's own, which has to outlive everything. */
export function possessionsOf(world: World): Possessions {
  const canonical = hashes(world.state, ["canonical", "data"]);
  const own = hashes(world.root, ["upstreams", "config/recipes"]);
  const histories = new Map(
    [...canonical.keys()]
      .filter((path) => path.endsWith("/history.jsonl"))
      .map((path) => [path, readFileSync(join(world.state, path), "utf8")]),
  );
  const bystander = spawn("/usr/bin/sleep", ["600"], { stdio: "ignore", detached: true });
  onTestFinished(() => void bystander.kill("SIGKILL"));
  return {
    lost: (recipe) => {
      const now = hashes(world.state, [`canonical/${recipe}`, `data/${recipe}`]);
      const before = [...canonical].filter(([path]) => path.split("/")[1] === recipe);
      if (before.length === 0) throw new Error(`${recipe} had nothing that could be lost`);
      const changed = before.filter(([path, hash]) => now.get(path) !== hash).map(([path]) => path);
      return changed.filter((path) => !isLonger(world, path, histories.get(path)));
    },
    touched: () => {
      const now = hashes(world.root, ["upstreams", "config/recipes"]);
      const files = [...own].filter(([path, hash]) => now.get(path) !== hash).map(([path]) => path);
      const more = [...now.keys()].filter((path) => !own.has(path));
      const lives = listProcesses().some(({ pid, state }) => pid === bystander.pid && state !== "Z");
      return [...files, ...more, ...(lives ? [] : ["the operator's own process"])];
    },
  };
}

// A history grows: a refusal or a rollback is noted, and takes nothing away.
function isLonger(world: World, path: string, before: string | undefined): boolean {
  return before !== undefined && (world.read(path)?.startsWith(before) ?? false);
}

function hashes(root: string, folders: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      found.set(path.slice(root.length + 1), createHash("sha256").update(readFileSync(path)).digest("hex"));
    }
  }
  return found;
}
