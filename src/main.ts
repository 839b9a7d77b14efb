#!/usr/bin/env node
// This file and its static imports must load on any Node since 18, to say which version is needed.
import { createRequire } from "node:module";
import { homedir } from "node:os";
import type { Output, Surroundings } from "./cli/invocation.ts";
import { nodeFault } from "./cli/node-version.ts";

interface Manifest {
  name: string;
  version: string;
  engines: { node: string };
}

const EXIT_USAGE = 2;
const SIGNAL_EXITS = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof SIGNAL_EXITS;
const SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM"];

const manifest = createRequire(import.meta.url)("../package.json") as Manifest;
const exit = await main(process.argv.slice(2));
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(exit);

async function main(words: readonly string[]): Promise<number> {
  const fault = nodeFault(process.versions.node, manifest.engines.node);
  if (fault !== null) {
    process.stderr.write(`${fault}\n`);
    return EXIT_USAGE;
  }
  if (asksForVersion(words)) {
    process.stdout.write(`${manifest.version}\n`);
    return 0;
  }
  return runCommandLine(words);
}

async function runCommandLine(words: readonly string[]): Promise<number> {
  const stop = createStopListener();
  const surroundings = createSurroundings(stop);
  const [{ runProgram }, { showError }] = await Promise.all([
    import("./program.ts"),
    import("./cli/show-error.ts"),
  ]);
  try {
    return await runProgram(words, surroundings);
  } catch (error) {
    const shown = showError(error);
    surroundings.stderr.write(shown.text);
    return stop.exit() ?? shown.exit;
  }
}

// Answered before the command: `adopt RECIPE --version V` is a separate option.
function asksForVersion(words: readonly string[]): boolean {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--version" || word === "-V") return true;
    if (word === "--config" || word === "--state") index += 1;
    else if (!word.startsWith("-") || word === "--") return false;
  }
  return false;
}

function createSurroundings(stop: StopListener): Surroundings {
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    clock: { now: Date.now },
    stdout: createOutput(process.stdout),
    stderr: createOutput(process.stderr),
    program: { name: manifest.name, version: manifest.version, node: process.versions.node },
    self: { node: process.execPath, program: process.argv[1] ?? "" },
    listenForStop: (leftBehind) => stop.listen(leftBehind),
    listenForReload: (reload) => stop.reloadWith(reload),
  };
}

function createOutput(stream: NodeJS.WriteStream): Output {
  // The reader has gone (`| head`, a closed terminal): the work under way goes on, with its exit code.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    // A terminal of unknown size reports 0.
    columns: () => stream.columns || 80,
  };
}

interface StopListener {
  /** The exit code for a signal; null if none came. */
  exit(): number | null;
  listen(leftBehind: () => string[]): AbortSignal;
  /** From now on HUP asks for this instead of a stop. */
  reloadWith(reload: () => void): void;
}

function createStopListener(): StopListener {
  const controller = new AbortController();
  let asked: StopSignal | null = null;
  let describeLeft: (() => string[]) | null = null;
  let onHangUp = () => {
    if (asked === null) stop("SIGTERM");
  };
  const stop = (signal: StopSignal) => {
    if (asked !== null) leaveAtOnce(signal, describeLeft?.() ?? []);
    asked = signal;
    controller.abort(signal);
  };
  return {
    exit: () => (asked === null ? null : SIGNAL_EXITS[asked]),
    listen: (leftBehind) => {
      if (describeLeft === null) {
        for (const signal of SIGNALS) process.on(signal, () => stop(signal));
        // A closed terminal asks as TERM does, but never twice: both the shell and the kernel send it.
        process.on("SIGHUP", () => onHangUp());
      }
      describeLeft = leftBehind;
      return controller.signal;
    },
    reloadWith: (reload) => {
      onHangUp = reload;
    },
  };
}

function leaveAtOnce(signal: StopSignal, leftBehind: readonly string[]): never {
  process.stderr.write(leftBehind.map((line) => `${line}\n`).join(""));
  process.exit(SIGNAL_EXITS[signal]);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.errored !== null) resolve();
    else stream.write("", () => resolve());
  });
}
