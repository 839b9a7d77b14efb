import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The Node that runs the program, and the program as it is built; `SWEEP_TEST_PROGRAM` names another build. */
export const NODE = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
export const PROGRAM =
  process.env.SWEEP_TEST_PROGRAM ?? fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** How a call of the program ended. */
export interface ProgramEnd {
  exit: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** The program while it runs. */
export interface RunningProgram {
  child: ChildProcess;
  /** Fulfilled when it has ended and everything that it wrote was read. */
  end: Promise<ProgramEnd>;
  /** Fulfilled as soon as standard error contains this text; rejected when the program ends without it. */
  said(text: string): Promise<void>;
}

export interface ProgramOptions {
  /** All of its environment. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  signal?: AbortSignal;
  /** Another Node than ours. */
  node?: string;
}

/** Runs the program to its end, with nothing but this environment. */
export async function runProgram(
  words: readonly string[],
  options: ProgramOptions = {},
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const { exit, stdout, stderr } = await startProgram(words, options).end;
  return { exitCode: exit, stdout, stderr };
}

/** Starts the program with nothing but this environment. */
export function startProgram(words: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const child = spawn(options.node ?? NODE, [PROGRAM, ...words], {
    cwd: options.cwd ?? "/",
    env: { ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const listeners = new Set<(stderr: string) => void>();
  let seen = "";
  const end = endOf(child, (stderr) => {
    seen = stderr;
    for (const listener of listeners) listener(stderr);
  });
  return {
    child,
    end,
    said: (wanted) => (seen.includes(wanted) ? Promise.resolve() : untilSaid(wanted, end, listeners)),
  };
}

async function endOf(
  child: ReturnType<typeof spawn>,
  onStderr: (stderr: string) => void,
): Promise<ProgramEnd> {
  if (child.stdout === null || child.stderr === null) throw new Error("the program has no pipes");
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    stderr += part;
    onStderr(stderr);
  });
  const [stdout, [exit, signal]] = await Promise.all([
    text(child.stdout),
    once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { exit, signal, stdout, stderr };
}

function untilSaid(
  wanted: string,
  end: Promise<ProgramEnd>,
  listeners: Set<(stderr: string) => void>,
): Promise<void> {
  return new Promise((fulfil, reject) => {
    listeners.add((stderr) => {
      if (stderr.includes(wanted)) fulfil();
    });
    const tooLate = ({ stderr }: ProgramEnd) => {
      if (stderr.includes(wanted)) fulfil();
      else reject(new Error(`the program ended without saying '${wanted}':\n${stderr}`));
    };
    end.then(tooLate, reject);
  });
}
