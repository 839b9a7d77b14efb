import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { findMarked } from "../../../src/command/process-group.ts";
import { type ProgramEnd, startProgram } from "../../support/program.ts";
import { createWorld, type SampleRecipe, type World } from "../../support/world.ts";
import { type Disk, putDisk } from "./disk.ts";
import type { CrashEvent } from "./events.ts";

const CRASH_POINT = fileURLToPath(new URL("../../programs/crash-point.mjs", import.meta.url));

export const OLD = "1.0.0+1";
export const NEW = "1.1.0+1";

/** A release that changes the data it is started on, as a migration does: old and new data differ in every file. */
const MIGRATES = [
  'cd "$SWEEP_DATA"; mkdir -p files; rm -f files/*',
  '[ "$(tail -n 1 schema.txt 2>&1)" = "$SWEEP_VERSION" ] || echo "$SWEEP_VERSION" >>schema.txt',
  'for n in 1 2 3 4; do echo "$n of $SWEEP_VERSION" >"files/$n of $SWEEP_VERSION"; done',
  'cd "$OLDPWD"',
].join("\n");

/** What deployers do with a checkout that has local changes (dirty-tree). */
const REFUSES_A_USED_CHECKOUT =
  'if [ -e "$SWEEP_CHECKOUT/used" ]; then echo "error: local changes"; exit 1; fi; touch "$SWEEP_CHECKOUT/used"\n';

/** A world with one recipe, whose state folder can be set back, and in which the program can be killed anywhere. */
export interface Machine {
  world: World;
  notes: SampleRecipe;
  warm: "idle" | "live";
  /** Files and a process that are nobody's but the operator's. */
  operator: { pid: number };
  publish(version: string): void;
  /** Changes what is kept of the canonical: its `.env`. */
  greet(text: string): void;
  /** The disk of the state folder, if it has one of its own: then a kill is a loss of power. */
  disk: Disk | null;
  /** Keeps the state folder as it is now; `setBack` brings it back. */
  keep(): Promise<void>;
  setBack(): Promise<void>;
  /**
   * Runs the program with its events listed, and killed at a point where one is given; where the state folder
   * has a disk of its own, all that was not on it by then is lost.
   */
  run(words: readonly string[], options: CrashOptions): Promise<CrashedRun>;
}

export interface CrashOptions {
  /** Where the events begin to count; empty: from the start. */
  window: string;
  at?: string;
}

export interface CrashedRun extends ProgramEnd {
  events: CrashEvent[];
}

/** Makes the machine; what runs on it is ended when the test has finished. */
export function createMachine(warm: "idle" | "live", options: { diskAt?: string } = {}): Machine {
  const world = createWorld();
  const disk = options.diskAt === undefined ? null : putDisk(join(world.state, options.diskAt), world.root);
  onTestFinished(async () => {
    await switchOff(world);
    disk?.remove();
  });
  const settings = (greeting: string) => ({ canonical: true, warm, env: { GREETING: greeting } });
  const notes = world.recipe("notes", {
    settings: settings("hello"),
    commands: { backup: null, restore: null },
    files: { "before-deploy.sh": REFUSES_A_USED_CHECKOUT },
  });
  const operator = spawn("/usr/bin/sleep", ["100000"], { stdio: "ignore", cwd: world.root });
  onTestFinished(() => void operator.kill("SIGKILL"));
  const kept = join(world.root, "kept-state");
  let runs = 0;
  return {
    world,
    notes,
    warm,
    operator: { pid: operator.pid ?? 0 },
    publish: (version) => void notes.publish(version, MIGRATES),
    greet: (text) => notes.change({ settings: settings(text) }),
    disk,
    keep: async () => {
      if (disk === null) return copy(world.state, kept);
      await switchOff(world);
      disk.keep();
    },
    setBack: async () => {
      await switchOff(world);
      if (disk === null) copy(kept, world.state);
      else disk.setBack();
    },
    run: async (words, { window, at }) => {
      const list = join(world.root, `events-${++runs}.jsonl`);
      const program = startProgram(["--config", world.configuration, ...words], {
        env: {
          NODE_OPTIONS: `--import=${CRASH_POINT}`,
          CRASH_STATE: world.state,
          CRASH_WINDOW: window,
          CRASH_LIST: list,
          ...(at === undefined ? {} : { CRASH_AT: at }),
          ...(disk === null ? {} : { CRASH_IMAGE: disk.image, CRASH_COPY: disk.copy }),
        },
      });
      const end = await program.end;
      if (end.signal === "SIGKILL" && disk !== null) {
        await switchOff(world);
        disk.goOnWithCopy();
      }
      return { ...end, events: readEvents(list) };
    },
  };
}

/** Ends at once all that runs of the world: its apps, and the commands of dead runs. */
async function switchOff(world: World): Promise<void> {
  const runs = new Set(world.runs().map((run) => `SWEEP_RUN=${run}`));
  const isOfWorld = (entry: string) => runs.has(entry) || entry.startsWith(`SWEEP_DATA=${world.root}/`);
  const find = () => findMarked((environment) => environment.some(isOfWorld));
  for (let found = find(); found.length > 0; found = find()) {
    for (const pid of found) killIfThere(pid);
    await wait(10);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}

function readEvents(list: string): CrashEvent[] {
  if (!existsSync(list)) return [];
  const lines = readFileSync(list, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as CrashEvent);
}
