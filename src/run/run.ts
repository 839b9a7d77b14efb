import { join } from "node:path";
import { type Deadline, deadlineIn, earliest } from "../command/deadline.ts";
import { createStep, type Step, type StepSink } from "../command/step.ts";
import type { DriverName } from "../core/driver-traits.ts";
import type { Report } from "../core/records/report.ts";
import { createRedactor, type Redactor, redactTexts } from "../core/secrets/redactor.ts";
import type { Driver } from "../driver/driver.ts";
import { createEvidence, type Evidence } from "../evidence/evidence.ts";
import { type Exceptions, readExceptions } from "../exceptions/store.ts";
import { messageOf } from "../fault.ts";
import { isoTime } from "../log.ts";
import { appendJsonLines } from "../state/json-lines.ts";
import type { RunPaths } from "../state/paths.ts";
import { readStateId } from "../state/state-id.ts";
import type { Context } from "./context.ts";
import { createDrivers } from "./drivers.ts";
import { createDurations } from "./durations.ts";

/** Time that is kept back from the sweep's limit for a rollback, in milliseconds. */
const ROLLBACK_RESERVE_MS = 10 * 60_000;

/** One run of the program that tests something: what everything below it shares. */
export interface Run {
  id: string;
  context: Context;
  /** The id of the state folder. */
  owner: string;
  paths: RunPaths;
  /** `scratch/<run>`, absolute. */
  scratch: string;
  /** The configuration as it was at launch, absolute. */
  configuration: string;
  redactor: Redactor;
  /** The tools of this run, as the report has them. */
  environment: Report["environment"];
  driver(name: DriverName): Promise<Driver>;
  /** An app was left up for a look, which may stand on the scratch: it stays until `clean` or the next run. */
  keepsScratch: boolean;
  /** No test begins and none goes on after it. */
  deadline: Deadline;
  /** The exceptions of a recipe as this run found them first: what is made meanwhile is for the next one. */
  exceptions(recipe: string): Exceptions;
  /** How long a recipe's test took before, in milliseconds; null where it never ran. */
  expectedMs(recipe: string): number | null;
  /** Appends a line to the run's journal. */
  note(event: string, facts?: Readonly<Record<string, unknown>>): void;
  /** The same for several of a kind at once. */
  noteAll(event: string, facts: readonly Readonly<Record<string, unknown>>[]): void;
}

/** Makes a run; the lock of the state folder is held by then. */
export function createRun(context: Context, id: string): Run {
  const { clock, config, state } = context;
  const paths = state.run(id);
  const run: Run = {
    id,
    context,
    owner: readStateId(state.id),
    paths,
    scratch: state.scratch(id),
    configuration: paths.configuration,
    redactor: createRedactor(),
    keepsScratch: false,
    environment: { fingerprint: "", tools: [], changes: [] },
    driver: createDrivers(context, (recipe) => folderAtLaunch(run, recipe)),
    deadline: deadlineIn(clock, "timeouts.sweep", usableTime(config.timeouts.sweep)),
    exceptions: createExceptions(context),
    expectedMs: createDurations(context),
    note: (event, facts = {}) => run.noteAll(event, [facts]),
    noteAll: (event, facts) => {
      const clean = facts.map((fact) => redactTexts(fact, run.redactor) as object);
      const lines = clean.map((fact) => ({ ts: isoTime(clock), run: id, event, ...fact }));
      appendJsonLines(paths.journal, lines);
    },
  };
  return run;
}

function createExceptions({ state }: Context): (recipe: string) => Exceptions {
  const found = new Map<string, Exceptions>();
  return (recipe) => {
    const exceptions = found.get(recipe) ?? readExceptions(state, recipe);
    found.set(recipe, exceptions);
    return exceptions;
  };
}

/** A recipe's configuration folder as it was at launch: what changes meanwhile belongs to the next sweep. */
export function folderAtLaunch(run: Run, recipe: string): string {
  return join(run.configuration, "recipes", recipe);
}

/** The evidence of one recipe in this run. */
export function evidenceOf(run: Run, recipe: string): Evidence {
  return createEvidence(run.paths.recipe(recipe), run.redactor, run.context.clock);
}

/** A step that ends with the earliest of its limits, the sweep's among them, and with an interrupt. */
export function stepOf(
  run: Run,
  evidence: Evidence,
  name: string,
  ...limits: [Deadline, ...Deadline[]]
): Step {
  return makeStep(run, evidence.sink(name), name, earliest(run.deadline, ...limits), run.context.signal);
}

/**
 * A step that an interrupt does not end: evidence, teardown, rollback. It has time of its own, and a disk that
 * takes no more of its log does not end it either.
 */
export function lastingStep(run: Run, evidence: Evidence, name: string, limit: Deadline): Step {
  const sink = forgiving(evidence.sink(name), run.context.log);
  return makeStep(run, sink, name, limit, new AbortController().signal);
}

function makeStep(run: Run, sink: StepSink, name: string, deadline: Deadline, signal: AbortSignal): Step {
  const { clock, log } = run.context;
  return createStep({ name, deadline, signal, clock, log, sink, run: run.id });
}

function forgiving(sink: StepSink, log: Context["log"]): StepSink {
  const tried = (write: () => void) => {
    try {
      write();
    } catch (error) {
      log.warn(messageOf(error));
    }
  };
  return {
    ...sink,
    append: (line) => tried(() => sink.append(line)),
    warn: (line) => tried(() => sink.warn(line)),
    note: (line) => tried(() => sink.note(line)),
    record: (entry) => tried(() => sink.record(entry)),
    redactLog: () => tried(() => sink.redactLog()),
  };
}

// A short limit keeps a quarter back, so that it is still a limit.
function usableTime(sweepMs: number): number {
  return sweepMs - Math.min(ROLLBACK_RESERVE_MS, sweepMs / 4);
}
