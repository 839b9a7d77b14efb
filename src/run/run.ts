import { randomBytes } from "node:crypto";
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
import { type Clock, isoTime } from "../log.ts";
import { appendJsonLines } from "../state/json-lines.ts";
import type { RunPaths } from "../state/paths.ts";
import { readStateId } from "../state/state-id.ts";
import type { Context } from "./context.ts";
import { createDrivers } from "./drivers.ts";
import { createRunHistory, type RunHistory } from "./run-history.ts";

/** Time reserved from the sweep's limit for a rollback, in milliseconds. */
const ROLLBACK_RESERVE_MS = 10 * 60_000;

/** One run of the program that tests something, shared by everything below it. */
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
  /** The tools of this run, in the form of the report. */
  environment: Report["environment"];
  driver(name: DriverName): Promise<Driver>;
  /**
   * An app was left running for inspection and may need the scratch folder, which stays until `clean` or the next run.
   */
  keepsScratch: boolean;
  /** No test begins or continues after it. */
  deadline: Deadline;
  /** Counts the checkouts of this run, from 1. */
  nextCheckout(): number;
  /** The exceptions of a recipe as first read by this run: later ones are for the next run. */
  exceptions(recipe: string): Exceptions;
  /** Earlier runs: nothing else reads their reports during this one. */
  history: RunHistory;
  /** Appends a line to the run's journal. */
  note(event: string, facts?: Readonly<Record<string, unknown>>): void;
  /** The same for several events of a kind at once. */
  noteAll(event: string, facts: readonly Readonly<Record<string, unknown>>[]): void;
}

/** Makes a run; the lock of the state folder is held by then. */
export function createRun(context: Context, id: string): Run {
  const { clock, config, state } = context;
  const paths = state.run(id);
  let checkouts = 0;
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
    nextCheckout: () => ++checkouts,
    exceptions: createExceptions(context),
    history: createRunHistory(state, id),
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

/** A recipe's configuration folder as it was at launch: later changes belong to the next sweep. */
export function folderAtLaunch(run: Run, recipe: string): string {
  return join(run.configuration, "recipes", recipe);
}

/** The evidence of one recipe in this run. */
export function evidenceOf(run: Run, recipe: string): Evidence {
  return createEvidence(run.paths.recipe(recipe), run.redactor, run.context.clock);
}

/** A step that ends with the earliest of its limits, including the sweep's, and with an interrupt. */
export function stepOf(
  run: Run,
  evidence: Evidence,
  name: string,
  ...limits: [Deadline, ...Deadline[]]
): Step {
  return makeStep(run, evidence.sink(name), name, earliest(run.deadline, ...limits), run.context.signal);
}

/**
 * A step that an interrupt does not end: evidence, teardown, rollback. It has its own time limit, and a disk too full
 * for its log does not end it either.
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

// A short limit reserves only a quarter, so that time is left for the work.
function usableTime(sweepMs: number): number {
  return sweepMs - Math.min(ROLLBACK_RESERVE_MS, sweepMs / 4);
}

/** The id of a run: it sorts by time and is unique among all state folders, because it marks processes. */
export function newRunId(clock: Clock): string {
  const time = new Date(clock.now()).toISOString().replaceAll(/[-:.]/g, "");
  return `${time}-${randomBytes(4).toString("hex")}`;
}
