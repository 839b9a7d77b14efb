import { type Moment, momentsOfDay, wallTimeAt } from "./local-time.ts";

/** A cron expression taken apart: the values that each field allows. */
export interface Schedule {
  seconds: readonly number[];
  minutes: readonly number[];
  hours: readonly number[];
  daysOfMonth: readonly number[];
  /** From 1. */
  months: readonly number[];
  /** 0 is Sunday. */
  daysOfWeek: readonly number[];
  /** Neither field of days begins with `*`: a day that is in one of them is enough (cron(5)). Else it is in both. */
  isEitherDay: boolean;
  zone: string;
}

interface Day {
  year: number;
  month: number;
  day: number;
}

/** The calendar repeats after so many days, weekdays and leap years included. */
const CALENDAR_DAYS = 146_097;
const DAY_MS = 86_400_000;
/** No clock is put forward or back by more than this, in milliseconds. */
const LARGEST_SHIFT_MS = 3 * 3_600_000;

/**
 * When the schedule fires next after a moment (milliseconds since the epoch); null: never (the 30th of February). A
 * time that a time zone skips fires once, as much after the jump as it lies after its beginning; one that comes
 * twice fires at the first.
 */
export function nextDue(schedule: Schedule, after: number): number | null {
  const { year, month, day } = wallTimeAt(after, schedule.zone);
  // What was due yesterday may lie after a jump over midnight.
  let current = dayAfter({ year, month, day }, -1);
  for (let days = 0; days <= CALENDAR_DAYS; days++) {
    const due = isDay(schedule, current) ? firstOf(schedule, current, after) : null;
    if (due !== null) return due;
    current = dayAfter(current, 1);
  }
  return null;
}

/** The times of a schedule that its time zone skips after a moment and before another one. */
export function skippedTimes(schedule: Schedule, after: number, before: number): number[] {
  const skipped: number[] = [];
  let { year, month, day }: Day = wallTimeAt(after, schedule.zone);
  // Where the clocks are ahead of UTC, a day begins before its name does there.
  while (Date.UTC(year, month - 1, day) < before + DAY_MS) {
    const { isEven, momentOf } = momentsOfDay({ year, month, day }, schedule.zone);
    if (!isEven && isDay(schedule, { year, month, day }))
      for (const { at, isSkipped } of momentsOf(schedule, momentOf))
        if (isSkipped && at > after && at < before) skipped.push(at);
    ({ year, month, day } = dayAfter({ year, month, day }, 1));
  }
  return [...new Set(skipped)];
}

function isDay(schedule: Schedule, { year, month, day }: Day): boolean {
  const ofMonth = schedule.daysOfMonth.includes(day);
  const ofWeek = schedule.daysOfWeek.includes(new Date(Date.UTC(year, month - 1, day)).getUTCDay());
  const isDue = schedule.isEitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
  return isDue && schedule.months.includes(month);
}

// The times of a day come in the order of the wall clock, which a jump can turn round.
function firstOf(schedule: Schedule, day: Day, after: number): number | null {
  const { isEven, momentOf } = momentsOfDay(day, schedule.zone);
  const shift = isEven ? 0 : LARGEST_SHIFT_MS;
  let first: number | null = null;
  for (const { at } of momentsOf(schedule, momentOf, after - shift)) {
    if (at > after && (first === null || at < first)) first = at;
    if (first !== null && at >= first + shift) break;
  }
  return first;
}

function* momentsOf(
  { hours, minutes, seconds }: Schedule,
  momentOf: (hour: number, minute: number, second: number) => Moment,
  from = Number.NEGATIVE_INFINITY,
): Generator<Moment> {
  for (const hour of hours) {
    if (momentOf(hour, 59, 59).at < from) continue;
    for (const minute of minutes) for (const second of seconds) yield momentOf(hour, minute, second);
  }
}

function dayAfter({ year, month, day }: Day, days: number): Day {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
