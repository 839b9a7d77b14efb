import { basename, join } from "node:path";
import { z } from "zod";
import { RecipeName } from "../core/recipe-name.ts";
import { listFolder, readJson } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";

/** The newest form of `exceptions/<recipe>.json` that this program reads, and the form that it writes. */
const EXCEPTIONS_SCHEMA = 1;

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-12-31");

/** A dated exception of a recipe, with its reason. */
export const Exception = z.object({
  reason: z.string().min(1),
  /** The last day in force, in the time zone of the configuration. */
  until: Day,
  owner: z.string().optional(),
  /** When it was made, ISO 8601. */
  since: z.string(),
});
export type Exception = z.infer<typeof Exception>;

/** `exceptions/<recipe>.json`: a held recipe is not tested, an acknowledged red is tested every time. */
export const ExceptionRecord = z.object({
  schema: z.literal(EXCEPTIONS_SCHEMA),
  hold: Exception.nullable(),
  acknowledgement: Exception.nullable(),
});
export type ExceptionRecord = z.infer<typeof ExceptionRecord>;

/** A recipe's exceptions as read from disk; without a file there are none. */
export type Exceptions = { state: "read"; value: ExceptionRecord } | { state: "unreadable"; problem: string };

const NO_EXCEPTIONS: ExceptionRecord = { schema: EXCEPTIONS_SCHEMA, hold: null, acknowledgement: null };

/** The exceptions of a recipe, including expired ones. */
export function readExceptions(state: Pick<StatePaths, "exceptions">, recipe: string): Exceptions {
  const reading = readJson(exceptionsFile(state, recipe), ExceptionRecord, EXCEPTIONS_SCHEMA);
  return reading.state === "absent" ? { state: "read", value: NO_EXCEPTIONS } : reading;
}

/** Every recipe with a file of exceptions, by name, including recipes that are no longer configured. */
export function listExceptions(
  state: Pick<StatePaths, "exceptions">,
): { recipe: string; exceptions: Exceptions }[] {
  return listFolder(state.exceptions)
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"))
    .filter((recipe) => RecipeName.safeParse(recipe).success)
    .map((recipe) => ({ recipe, exceptions: readExceptions(state, recipe) }));
}

/** The hold, if it is in force at a moment (milliseconds since the epoch) in a time zone. */
export function holdInForce(record: ExceptionRecord, now: number, timezone: string): Exception | null {
  return inForce(record.hold, now, timezone);
}

/** The acknowledgement, if it is in force at a moment (milliseconds since the epoch) in a time zone. */
export function acknowledgementInForce(
  record: ExceptionRecord,
  now: number,
  timezone: string,
): Exception | null {
  return inForce(record.acknowledgement, now, timezone);
}

/** Whether an exception is in force on a day (`YYYY-MM-DD`), its last day included. */
export function isInForce(exception: Pick<Exception, "until">, today: string): boolean {
  return today <= exception.until;
}

/** The day (`YYYY-MM-DD`) of a moment (milliseconds since the epoch) in a time zone. */
export function dayIn(timezone: string, moment: number): string {
  const format = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    calendar: "gregory",
    numberingSystem: "latn",
    ...format,
  }).formatToParts(moment);
  const part = (type: string) => parts.find((entry) => entry.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** The file that holds the exceptions of a recipe. */
export function exceptionsFile(state: Pick<StatePaths, "exceptions">, recipe: string): string {
  return join(state.exceptions, `${recipe}.json`);
}

function inForce(exception: Exception | null, now: number, timezone: string): Exception | null {
  if (exception === null) return null;
  return isInForce(exception, dayIn(timezone, now)) ? exception : null;
}
