interface Field {
  lowest: number;
  highest: number;
  names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const SECOND: Field = { lowest: 0, highest: 59, names: [] };
const FIELDS: readonly Field[] = [
  { lowest: 0, highest: 59, names: [] },
  { lowest: 0, highest: 23, names: [] },
  { lowest: 1, highest: 31, names: [] },
  { lowest: 1, highest: 12, names: MONTHS },
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
  return parts.length === fields.length && fields.every((field, index) => isField(parts[index] ?? "", field));
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
