import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Canonical } from "../../src/core/canonical.ts";
import type { Report } from "../../src/core/records/report.ts";
import { documentOf } from "./document.ts";
import { writeFile } from "./files.ts";
import { type ProgramEnd, type RunningProgram, startProgram } from "./program.ts";

/** What every world of the tests has, whatever its driver: the built program on a configuration and a state folder. */
export interface Machine {
  state: string;
  /** Adds to or replaces what stands in `sweep.yaml`. */
  configure(settings: Readonly<Record<string, unknown>>): void;
  /** What stands in `sweep.yaml`. */
  settings(): Record<string, unknown>;
  /** Calls the program and waits for its end. */
  call(...words: string[]): Promise<ProgramEnd>;
  /** Calls the program with `--json` and returns its document. */
  json<T = Report>(...words: string[]): Promise<ProgramEnd & { document: T }>;
  start(...words: string[]): RunningProgram;
  /** The same with more in the program's own environment. */
  startWith(environment: Readonly<Record<string, string>>, ...words: string[]): RunningProgram;
  /** The `report.json` of the newest run that has one. */
  report(): Report;
  /** The runs that have a folder, oldest first. */
  runs(): string[];
  /** A file below the state folder; null where there is none. */
  read(...path: string[]): string | null;
  /** The content hash of every file below a folder of the state folder, by its absolute path. */
  files(...path: string[]): Record<string, string>;
}

export interface MachineParts {
  configuration: string;
  state: string;
  /** What stands in `sweep.yaml` at first. */
  settings: Readonly<Record<string, unknown>>;
  /** Options of every call, beside `--config`. */
  options?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** The calls that have not ended: whoever closes the world ends them. */
  running: Set<RunningProgram>;
  /** Makes a call, again where its driver's surroundings ask for it. */
  attempt?(call: () => Promise<ProgramEnd>): Promise<ProgramEnd>;
}

/** Writes `sweep.yaml`, and makes what the worlds of all drivers share. */
export function createMachine(parts: MachineParts): Machine {
  const { configuration, state, options = [], environment = {}, running, attempt = (call) => call() } = parts;
  let sweep: Record<string, unknown> = {};
  const configure = (more: Readonly<Record<string, unknown>>) => {
    sweep = { ...sweep, ...more };
    writeFile(join(configuration, "sweep.yaml"), JSON.stringify(sweep));
  };
  const startWith = (more: Readonly<Record<string, string>>, ...words: string[]) => {
    const env = { ...environment, ...more };
    const program = startProgram(["--config", configuration, ...options, ...words], { env });
    running.add(program);
    void program.end.then(() => running.delete(program));
    return program;
  };
  const call = (...words: string[]) => attempt(() => startWith({}, ...words).end);
  configure(parts.settings);
  return {
    state,
    configure,
    settings: () => sweep,
    call,
    json: async <T>(...words: string[]) => {
      const end = await call("--json", ...words);
      return { ...end, document: documentOf<T>(end) };
    },
    start: (...words) => startWith({}, ...words),
    startWith,
    report: () => newestReport(state),
    runs: () => list(join(state, "runs")),
    read: (...path) => readIfAny(join(state, ...path)),
    files: (...path) => hashesBelow(join(state, ...path)),
  };
}

/** `canonical.json` of a recipe, as text and as it is read; null where there is none. */
export function recordsOf(state: string, recipe: string) {
  const recordText = () => readIfAny(join(state, "canonical", recipe, "canonical.json"));
  const record = () => {
    const text = recordText();
    return text === null ? null : (JSON.parse(text) as Canonical);
  };
  return { record, recordText };
}

function readIfAny(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

function newestReport(state: string): Report {
  const text = list(join(state, "runs"))
    .toReversed()
    .map((run) => readIfAny(join(state, "runs", run, "report.json")))
    .find((found) => found !== null);
  if (text === undefined) throw new Error("no run has a report");
  return JSON.parse(text) as Report;
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function hashesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, hash("sha256", readFileSync(path))];
    }),
  );
}
