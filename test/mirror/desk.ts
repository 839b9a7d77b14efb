import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import pino from "pino";
import { deadlineIn } from "../../src/command/deadline.ts";
import { type CommandRecord, createStep, type Step } from "../../src/command/step.ts";
import { createToolbox, type Toolbox } from "../../src/command/toolbox.ts";
import type { GitEnvironment } from "../../src/mirror/git-environment.ts";
import { type StatePaths, statePaths } from "../../src/state/paths.ts";

/** All that a test of the mirror works with: a folder, a state folder in it, a step, and what it recorded. */
export interface Desk {
  folder: string;
  state: StatePaths;
  tools: Toolbox;
  environment: GitEnvironment;
  step: Step;
  abort: AbortController;
  commands: CommandRecord[];
  lines: string[];
  warnings: string[];
  secrets: string[];
  [Symbol.dispose](): void;
}

export function openDesk(options: { timeoutMs?: number; lowSpeedSeconds?: number } = {}): Desk {
  const folder = mkdtempSync(join(tmpdir(), "sweep-mirror-"));
  const clock = { now: () => Date.now() };
  const abort = new AbortController();
  const recorded = { commands: [] as CommandRecord[], lines: [] as string[] };
  const [warnings, secrets]: [string[], string[]] = [[], []];
  const step = createStep({
    name: "sync",
    deadline: deadlineIn(clock, "timeouts.recipe", 120_000),
    signal: abort.signal,
    clock,
    log: pino({ level: "silent" }),
    run: basename(folder),
    sink: {
      logFile: join(folder, "sync.log"),
      record: (entry) => recorded.commands.push(entry),
      append: (line) => recorded.lines.push(line),
      warn: (line) => warnings.push(line),
      note: () => {},
      secret: (value) => secrets.push(value),
      redactLog: () => {},
    },
  });
  return {
    folder,
    state: statePaths(join(folder, "state")),
    tools: createToolbox(["/usr/local/bin", "/usr/bin", "/bin"]),
    environment: {
      home: folder,
      timeoutMs: options.timeoutMs ?? 30_000,
      ...(options.lowSpeedSeconds === undefined ? {} : { lowSpeedSeconds: options.lowSpeedSeconds }),
    },
    step,
    abort,
    ...recorded,
    warnings,
    secrets,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
