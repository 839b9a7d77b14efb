import { basename, join } from "node:path";
import { z } from "zod";
import { RecipeName } from "../core/recipe-name.ts";
import { listFolder, readJson } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";

/** The newest form of `exceptions/<recipe>.json` that this program reads and the one that it writes. */
export const EXCEPTIONS_SCHEMA = 1;

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-12-31");

/** A dated exception of a recipe, with its reason. */
export const Exception = z.object({
  reason: z.string().min(1),
  /** The last day on which it is in force, in the time zone of the configuration. */
  until: Day,
  owner: z.string().optional(),
  /** When it was made, ISO 8601. */
  since: z.string(),
});
export type Exception = z.infer<typeof Exception>;

/** `exceptions/<recipe>.json`: a hold is not tested, an acknowledged red is tested every time. */
export const Exceptions = z.object({
  schema: z.literal(EXCEPTIONS_SCHEMA),
  hold: Exception.nullable(),
  acknowledgement: Exception.nullable(),
});
export type Exceptions = z.infer<typeof Exceptions>;

export type ExceptionsReading =
  | ({ state: "read" } & Pick<Exceptions, "hold" | "acknowledgement">)
  | { state: "unreadable"; problem: string };

/** The exceptions of a recipe, expired ones among them. No file is no exception; an unreadable one is not. */
export function readExceptions(state: Pick<StatePaths, "exceptions">, recipe: string): ExceptionsReading {
  const reading = readJson(exceptionsFile(state, recipe), Exceptions, EXCEPTIONS_SCHEMA);
  switch (reading.state) {
    case "absent":
      return { state: "read", hold: null, acknowledgement: null };
    case "unreadable":
      return reading;
    case "read":
      return { state: "read", hold: reading.value.hold, acknowledgement: reading.value.acknowledgement };
  }
}

/** Every recipe that has a file of exceptions, by name; recipes that are configured no more among them. */
export function listExceptions(
  state: Pick<StatePaths, "exceptions">,
): { recipe: string; reading: ExceptionsReading }[] {
  return listFolder(state.exceptions)
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"))
    .filter((recipe) => RecipeName.safeParse(recipe).success)
    .map((recipe) => ({ recipe, reading: readExceptions(state, recipe) }));
}

/** Whether an exception is in force on a day (`YYYY-MM-DD`): its last day counts. */
export function isInForce<T extends Pick<Exception, "until">>(
  exception: T | null,
  today: string,
): exception is T {
  return exception !== null && today <= exception.until;
}

/** The day (`YYYY-MM-DD`) that it is at a moment (milliseconds since the epoch) in a time zone. */
export function dayIn(timezone: string, moment: number): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(moment);
  const part = (type: string) => parts.find((entry) => entry.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

export function exceptionsFile(state: Pick<StatePaths, "exceptions">, recipe: string): string {
  return join(state.exceptions, `${recipe}.json`);
}
