import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, lchownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { TestContext } from "vitest";
import { NODE, PROGRAM, type ProgramEnd } from "../../support/program.ts";
import { createWorld, type SampleRecipe, type World } from "../../support/world.ts";
import { report } from "../fault.ts";
import { inspect, lostSince } from "./damage.ts";

const OLD = "1.0.0+1";
export const NEW = "1.1.0+1";

/** An operator's machine with two canonicals whose next release is out, as it was before any damage. */
export interface Prepared {
  world: World;
  notes: SampleRecipe;
  other: SampleRecipe;
  /** A file of the operator's, outside the state folder. */
  own: string;
  /** Puts the state folder back as it was prepared. */
  reset(): void;
  /** A path below the state folder. */
  at(...path: string[]): string;
}

export interface PreparedOptions {
  /** Of `notes`; the other recipe's canonical is idle. */
  warm?: "idle" | "live";
}

/** Makes a machine with the canonicals of `notes` and `other`, for all tests of a file. */
export async function prepare(
  whenDone: (end: () => void | Promise<void>) => void,
  options: PreparedOptions = {},
): Promise<Prepared> {
  const world = createWorld({}, whenDone);
  const settings = { env: { TOKEN: "a kept value" } };
  const notes = world.recipe("notes", {
    settings: { ...settings, warm: options.warm ?? "idle" },
    releases: [OLD],
  });
  const other = world.recipe("other", { settings, releases: [OLD] });
  const seeded = await world.call("sweep");
  if (seeded.exit !== 0) throw new Error(`the canonicals were not seeded: ${seeded.stdout}${seeded.stderr}`);
  for (const recipe of [notes, other]) recipe.publish(NEW);
  if ((await world.call("plan")).exit !== 0) throw new Error("there is no plan");
  const saved = join(world.root, "saved");
  cpSync(world.state, saved, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const own = join(world.root, "own");
  writeFileSync(own, "the operator's\n");
  return {
    world,
    notes,
    other,
    own,
    at: (...path) => join(world.state, ...path),
    reset: () => {
      mkdirSync(world.state, { recursive: true });
      for (const name of readdirSync(world.state))
        rmSync(join(world.state, name), { recursive: true, force: true });
      cpSync(saved, world.state, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    },
  };
}

/** What is guarded while a damage is met, and afterwards reported. */
export interface Watch {
  /** What of the records and data of `notes`, or of what was damaged, is not as it was when the watch began. */
  lost(): string[];
  /** What of the operator's own is not as it was. */
  touched(): string[];
  /** Reports the fault, with what was lost and touched; `mayChange`: caches, and what is appended to. */
  came(
    context: Pick<TestContext, "task">,
    name: string,
    outcome: string,
    mayChange?: readonly string[],
  ): void;
}

/** Begins to watch: the canonical and data of `notes`, these paths too, and the operator's own things. */
export function watch({ world, at, own }: Prepared, ...paths: readonly string[]): Watch {
  const guarded = inspect(at("canonical/notes"), at("data/notes"), at("id"), ...paths);
  const owned = inspect(own, world.upstreams, join(world.configuration, "sweep.yaml"));
  const watched: Watch = {
    lost: () => [...lostSince(guarded), ...lostOf(world, "other")],
    touched: () => lostSince(owned),
    came: (context, name, outcome, mayChange = []) =>
      report(context, {
        kind: "bad state",
        name,
        outcome,
        lost: watched
          .lost()
          .filter((path) => !mayChange.some((may) => path === may || path.startsWith(`${may}/`))),
        touched: watched.touched(),
      }),
  };
  return watched;
}

// The recipe beside it may have been promoted meanwhile: its record is whole and its data goes on.
function lostOf(world: World, recipe: string): string[] {
  const record = JSON.parse(world.read("canonical", recipe, "canonical.json") ?? "null") as {
    version?: string;
  } | null;
  const notes = world.read("data", recipe, "notes.txt") ?? "";
  const kept = world.read("canonical", recipe, "kept/.env") ?? "";
  return [
    ...([OLD, NEW].includes(record?.version ?? "") ? [] : [`the record of ${recipe}`]),
    ...(notes.includes(`the sentinel of ${recipe}`) ? [] : [`the data of ${recipe}`]),
    ...(kept.includes("a kept value") ? [] : [`what is kept of ${recipe}`]),
  ];
}

/** Whether the tests may mount and become another user. */
export const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;

/** Calls the program as a user who may only do what modes allow; the world is that user's meanwhile. */
export async function callAsNobody(world: World, ...words: string[]): Promise<ProgramEnd> {
  if (!IS_ROOT) return world.call(...words);
  giveTo(world.root, NOBODY);
  try {
    const child = spawn(NODE, [PROGRAM, "--config", world.configuration, ...words], {
      cwd: "/",
      env: {},
      stdio: ["ignore", "pipe", "pipe"],
      uid: NOBODY,
      gid: NOBODY,
    });
    const [stdout, stderr, [exit, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    return { exit, signal, stdout, stderr };
  } finally {
    giveTo(world.root, 0);
  }
}

function giveTo(path: string, user: number): void {
  lchownSync(path, user, user);
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    lchownSync(join(entry.parentPath, entry.name), user, user);
}
