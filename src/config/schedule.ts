import { parse, validate } from "node-cron";
import type { Schedule } from "../core/schedule/due-time.ts";

const NAMES = "sun mon tue wed thu fri sat jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const FIRST_MONTH = NAMES.indexOf("jan");
/** Lists of `*`, numbers, names and ranges, with steps. node-cron takes more, which cron(5) does not know. */
const FIELD = /^((\*|(\d{1,2}|[a-z]{3})(-(\d{1,2}|[a-z]{3}))?)(\/\d{1,2})?(,|$))+$/;

/**
 * Whether this is cron: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), with
 * lists, ranges, steps and English names; six fields begin with seconds. The 30th of February is refused.
 */
export function isCronExpression(expression: string): boolean {
  const fields = fieldsOf(expression);
  return fields.every((field) => FIELD.test(field) && areForward(field)) && validate(fields.join(" "));
}

/** A cron expression in a time zone, taken apart. Throws where `isCronExpression` is false. */
export function readSchedule(expression: string, zone: string): Schedule {
  const texts = fieldsOf(expression);
  const fields = parse(texts.join(" "));
  const numbers = (values: readonly (number | string)[]) =>
    [...new Set(values.map(Number))].sort((one, other) => one - other);
  const [dayOfMonth = "", , dayOfWeek = ""] = texts.slice(-3);
  return {
    seconds: numbers(fields.second),
    minutes: numbers(fields.minute),
    hours: numbers(fields.hour),
    daysOfMonth: numbers(fields.dayOfMonth),
    months: numbers(fields.month),
    daysOfWeek: numbers(fields.dayOfWeek),
    isEitherDay: !dayOfMonth.startsWith("*") && !dayOfWeek.startsWith("*"),
    zone,
  };
}

function fieldsOf(expression: string): string[] {
  return expression.trim().toLowerCase().split(/\s+/);
}

// node-cron lets a range pass the end of its field, and looks at no bound then: `98-44` would be minutes.
function areForward(field: string): boolean {
  return field.split(",").every((item) => {
    const [first = 0, last = first] = (item.split("/")[0] ?? "").split("-").map(rankOf);
    return !(first > last);
  });
}

function rankOf(end: string): number {
  const named = NAMES.indexOf(end);
  return named < 0 ? Number(end) : named < FIRST_MONTH ? named : named - FIRST_MONTH + 1;
}
