import { RecipeName } from "../core/recipe-name.ts";
import { Fault } from "../fault.ts";
import { type Clock, isoTime } from "../log.ts";
import { removeFile, writeJson } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";
import { dayIn, type Exception, type ExceptionRecord, exceptionsFile, readExceptions } from "./store.ts";

/** The arguments of `hold` and `acknowledge`, as typed. */
export interface ExceptionRequest {
  recipe: string;
  reason: string;
  /** The last day, `YYYY-MM-DD`. */
  until: string;
  owner?: string | undefined;
}

export interface ExceptionPlace {
  state: Pick<StatePaths, "exceptions">;
  timezone: string;
  clock: Clock;
}

export interface ExceptionChange {
  /** False if nothing had to change. */
  changed: boolean;
  exception: Exception;
}

/** Takes a recipe out of the tests until a day; in force from the next sweep. Faults: usage, machinery. */
export function hold(place: ExceptionPlace, request: ExceptionRequest): ExceptionChange {
  return change(place, request, "hold");
}

/** Marks a red as known; the recipe is still tested. Faults: usage, machinery. */
export function acknowledge(place: ExceptionPlace, request: ExceptionRequest): ExceptionChange {
  return change(place, request, "acknowledgement");
}

/** Ends a recipe's hold and returns it; null if there was none. Its acknowledgement stays. */
export function release(place: Pick<ExceptionPlace, "state">, recipe: string): Exception | null {
  const before = current(place, recipe);
  if (before.hold === null) return null;
  const file = exceptionsFile(place.state, recipe);
  if (before.acknowledgement === null) removeFile(file);
  else writeJson(file, { ...before, hold: null });
  return before.hold;
}

function change(
  place: ExceptionPlace,
  request: ExceptionRequest,
  kind: "hold" | "acknowledgement",
): ExceptionChange {
  const before = current(place, request.recipe);
  const wanted = checked(request, dayIn(place.timezone, place.clock.now()));
  const old = before[kind];
  if (old !== null && isSame(old, wanted)) return { changed: false, exception: old };
  const exception = { ...wanted, since: isoTime(place.clock) };
  writeJson(exceptionsFile(place.state, request.recipe), { ...before, [kind]: exception });
  return { changed: true, exception };
}

function current(place: Pick<ExceptionPlace, "state">, recipe: string): ExceptionRecord {
  const named = RecipeName.safeParse(recipe);
  if (!named.success)
    throw usage(`${JSON.stringify(recipe)} is no recipe's name`, "use the recipe's folder name");
  const reading = readExceptions(place.state, recipe);
  if (reading.state === "read") return reading.value;
  throw new Fault("machinery", reading.problem, "correct or remove that file: it is not written over");
}

function checked(request: ExceptionRequest, today: string): Omit<Exception, "since"> {
  const { until } = request;
  const reason = request.reason.trim();
  const owner = request.owner?.trim();
  if (reason === "") throw usage("an exception needs a reason", "say why with --reason");
  if (!isDay(until))
    throw usage(`${JSON.stringify(until)} is no day`, "give --until as YYYY-MM-DD, such as 2026-12-31");
  if (until < today) throw usage(`${until} is in the past: today is ${today}`, "give a later --until");
  return { reason, until, ...(owner ? { owner } : {}) };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const moment = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
}

function isSame(old: Exception, wanted: Omit<Exception, "since">): boolean {
  return old.reason === wanted.reason && old.until === wanted.until && old.owner === wanted.owner;
}

function usage(headline: string, nextStep: string): Fault {
  return new Fault("usage", headline, nextStep);
}
