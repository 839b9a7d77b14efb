import { appendFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { deadlineIn } from "../../src/command/deadline.ts";
import { type CommandRecord, createStep, type Step } from "../../src/command/step.ts";

export interface RecordedStep {
  step: Step;
  commands: CommandRecord[];
  warnings: string[];
  notes: string[];
  stop: AbortController;
}

/** A step with a real log in `folder`, which remembers what was run and what was warned of. */
export function recordedStep(
  folder: string,
  options: { name?: string; limitMs?: number } = {},
): RecordedStep {
  const logFile = join(folder, "step.log");
  const commands: CommandRecord[] = [];
  const warnings: string[] = [];
  const notes: string[] = [];
  const stop = new AbortController();
  const clock = { now: () => Date.now() };
  const step = createStep({
    name: options.name ?? "install",
    deadline: deadlineIn(clock, "timeouts.deploy", options.limitMs ?? 30_000),
    signal: stop.signal,
    clock,
    log: pino({ level: "silent" }),
    run: "test-run",
    sink: {
      logFile,
      record: (entry) => commands.push(entry),
      append: (line) => appendFileSync(logFile, `${line}\n`),
      warn: (line) => warnings.push(line),
      note: (line) => notes.push(line),
      secret: () => {},
      redactLog: () => {},
    },
  });
  return { step, commands, warnings, notes, stop };
}
