import { parse } from "node-cron";
import type { Schedule } from "../core/schedule/due-time.ts";

const DAYS = "sun mon tue wed thu fri sat".split(" ");
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
/** Seconds, minutes, hours, days of the month, months, days of the week. `names[0]` stands for `least`. */
const FIELDS: readonly { least: number; most: number; names: readonly string[] }[] = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  { least: 1, most: 12, names: MONTHS },
  { least: 0, most: 7, names: DAYS },
];
/** `*`, a number, a name or a range, with a step. node-cron's own check refuses some and accepts ranges past their end. */
const ITEM = /^(?:\*|(\d{1,2}|[a-z]{3})(?:-(\d{1,2}|[a-z]{3}))?)(?:\/0*([1-9]\d?))?$/;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether this is cron: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), with lists,
 * ranges, steps and English names; a sixth field at the beginning is seconds. The 30th of February is refused.
 */
export function isCronExpression(expression: string): boolean {
  const fields = fieldsOf(expression);
  const known = FIELDS.slice(-fields.length);
  if (fields.length < 5 || known.length !== fields.length) return false;
  if (!fields.every((field, index) => isField(field, known[index]))) return false;
  const { daysOfMonth, isEitherDay, months } = readSchedule(expression, "UTC");
  const earliest = daysOfMonth[0] ?? 1;
  return isEitherDay || months.some((month) => earliest <= (DAYS_IN_MONTH[month - 1] ?? 0));
}

function isField(field: string, known: (typeof FIELDS)[number] | undefined): boolean {
  if (known === undefined) return false;
  return field.split(",").every((item) => {
    const match = ITEM.exec(item);
    if (match === null) return false;
    const [first = known.least, last = first] = match.slice(1, 3).map((end) => numberOf(end, known));
    return known.least <= first && first <= last && last <= known.most;
  });
}

function numberOf(end: string | undefined, { least, names }: (typeof FIELDS)[number]): number | undefined {
  if (end === undefined) return undefined;
  return names.includes(end) ? least + names.indexOf(end) : Number(end);
}

/** A parsed cron expression in a time zone. Throws if `isCronExpression` is false. */
export function readSchedule(expression: string, zone: string): Schedule {
  const texts = fieldsOf(expression);
  const [dayOfMonth = "", months = "", dayOfWeek = ""] = texts.slice(-3);
  // node-cron refuses a month that lacks such a day, though the day of the week may be one of the two.
  const fields = parse(texts.with(-2, "*").join(" "));
  const { month } = parse(`* * * ${months} *`);
  const numbers = (values: readonly (number | string)[]) =>
    [...new Set(values.map(Number))].sort((one, other) => one - other);
  return {
    seconds: numbers(fields.second),
    minutes: numbers(fields.minute),
    hours: numbers(fields.hour),
    daysOfMonth: numbers(fields.dayOfMonth),
    months: numbers(month),
    daysOfWeek: numbers(fields.dayOfWeek),
    isEitherDay: !dayOfMonth.startsWith("*") && !dayOfWeek.startsWith("*"),
    zone,
  };
}

function fieldsOf(expression: string): string[] {
  return expression.trim().toLowerCase().split(/\s+/);
}
