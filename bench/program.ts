import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** The built program. */
export const PROGRAM = join(import.meta.dirname, "../dist/main.js");

export interface Timed {
  ms: number;
  stdout: string;
}

export interface TimedOptions {
  env?: Readonly<Record<string, string>>;
  /** The exit code without which the figure would mean nothing; 0 unless said. */
  exit?: number;
}

/** Runs a command and measures it from its start to its end; another exit code than expected is an error. */
export async function time(
  file: string,
  args: readonly string[],
  options: TimedOptions = {},
): Promise<Timed> {
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/nonexistent", LANG: "C", ...options.env };
  const startedMs = performance.now();
  const child = spawn(file, args, { cwd: "/", env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close").then(() => performance.now() - startedMs);
  const [stdout, stderr, ms] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (child.exitCode !== (options.exit ?? 0))
    throw new Error(`${file} ${args.join(" ")} ended with ${child.exitCode}:\n${stderr.slice(-2000)}`);
  return { ms, stdout };
}

/** Runs the built program with this Node. */
export function timeProgram(args: readonly string[], options: TimedOptions = {}): Promise<Timed> {
  return time(process.execPath, [PROGRAM, ...args], options);
}

// Told by the process itself at its end: the kernel's own high-water mark, which nobody can miss.
const TELL_STATUS = `data:text/javascript,${encodeURIComponent(
  'import { readFileSync, writeFileSync } from "node:fs";\n' +
    'process.on("exit", () => writeFileSync(process.env.BENCH_STATUS, readFileSync("/proc/self/status")));',
)}`;

/** The same, with the most memory that its main process ever held, in MiB. */
export async function timeProgramAndMemory(
  args: readonly string[],
  statusFile: string,
): Promise<Timed & { peakMiB: number }> {
  const timed = await time(process.execPath, ["--import", TELL_STATUS, PROGRAM, ...args], {
    env: { BENCH_STATUS: statusFile },
  });
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(statusFile, "utf8"))?.[1];
  return { ...timed, peakMiB: Number(kibibytes) / 1024 };
}
