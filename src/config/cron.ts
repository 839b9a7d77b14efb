interface Field {
  lowest: number;
  highest: number;
  names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const SECOND: Field = { lowest: 0, highest: 59, names: [] };
const MONTH: Field = { lowest: 1, highest: 12, names: MONTHS };
const FIELDS: readonly Field[] = [
  { lowest: 0, highest: 59, names: [] },
  { lowest: 0, highest: 23, names: [] },
  { lowest: 1, highest: 31, names: [] },
  MONTH,
  { lowest: 0, highest: 7, names: WEEKDAYS },
];

/**
 * Whether this is cron: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), with
 * lists, ranges, steps and English names; six fields begin with seconds. All of it is understood by the
 * scheduler, which is too slow to load only to look at a configuration.
 */
export function isCronExpression(expression: string): boolean {
  const parts = expression.trim().split(/\s+/);
  const fields = parts.length === 6 ? [SECOND, ...FIELDS] : FIELDS;
  if (parts.length !== fields.length) return false;
  if (!fields.every((field, index) => isField(parts[index] ?? "", field))) return false;
  const [day = "", month = ""] = parts.slice(-3);
  return hasDate(day, month);
}

const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// The 30th of February would never come.
function hasDate(day: string, month: string): boolean {
  const firstDay = Math.min(...day.split(",").map((item) => Number.parseInt(item, 10) || 1));
  return LONGEST_MONTH.some((days, index) => firstDay <= days && isMonth(month.toLowerCase(), index + 1));
}

function isMonth(part: string, month: number): boolean {
  return part.split(",").some((item) => {
    const [range = "", step = "1"] = item.split("/");
    const [first = 1, last = range === "*" ? 12 : first] =
      range === "*" ? [] : range.split("-").map((end) => readEnd(end, MONTH) ?? 0);
    return month >= first && month <= last && (month - first) % Number(step) === 0;
  });
}

function isField(part: string, field: Field): boolean {
  return part.split(",").every((item) => isItem(item.toLowerCase(), field));
}

function isItem(item: string, field: Field): boolean {
  const [range = "", step, ...rest] = item.split("/");
  if (rest.length > 0) return false;
  if (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0 && Number(step) <= field.highest))
    return false;
  if (range === "*") return true;
  const ends = range.split("-").map((end) => readEnd(end, field));
  if (ends.length > 2 || ends.includes(null)) return false;
  const [first, last] = ends as [number, number | undefined];
  return last === undefined ? step === undefined : first <= last;
}

function readEnd(end: string, field: Field): number | null {
  const named = field.names.indexOf(end);
  if (named >= 0) return named + field.lowest;
  if (!/^\d{1,2}$/.test(end)) return null;
  const value = Number(end);
  return value >= field.lowest && value <= field.highest ? value : null;
}
