/** A time on a wall clock. `month` counts from 1. */
interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** A moment that a wall clock showed, or would have shown without being put forward. */
export interface Moment {
  /** Milliseconds since the epoch. */
  at: number;
  /** The clock was put forward over this time and never showed it. */
  isSkipped: boolean;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The time on the clocks of a zone at a moment (milliseconds since the epoch). */
export function wallTimeAt(at: number, zone: string): WallTime {
  // Time zone tables take megabytes, which the usual daemon avoids.
  if (zone === "UTC") return utcTimeAt(at);
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/**
 * The moment at which the clocks of a zone show this time. For an hour that occurs twice it is the first; a skipped
 * time counts from before the clock was put forward: 02:30 is then the moment called 03:30.
 */
function momentOf(wall: WallTime, zone: string): Moment {
  const asUtc = utcOf(wall);
  const before = asUtc - offsetAt(asUtc - DAY_MS, zone);
  if (utcOf(wallTimeAt(before, zone)) === asUtc) return { at: before, isSkipped: false };
  const after = asUtc - offsetAt(asUtc + DAY_MS, zone);
  if (utcOf(wallTimeAt(after, zone)) === asUtc) return { at: after, isSkipped: false };
  return { at: before, isSkipped: true };
}

/** The same for the times of one day. Most days have a single offset from UTC, which then answers for all of them. */
export function momentsOfDay(
  { year, month, day }: Pick<WallTime, "year" | "month" | "day">,
  zone: string,
): { isEven: boolean; momentOf(hour: number, minute: number, second: number): Moment } {
  const midnight = Date.UTC(year, month - 1, day);
  const offset = offsetAt(midnight - DAY_MS, zone);
  const isEven = offset === offsetAt(midnight + 2 * DAY_MS, zone);
  return {
    isEven,
    momentOf: (hour, minute, second) => {
      const wall = { year, month, day, hour, minute, second };
      return isEven ? { at: utcOf(wall) - offset, isSkipped: false } : momentOf(wall, zone);
    },
  };
}

function offsetAt(at: number, zone: string): number {
  return utcOf(wallTimeAt(at, zone)) - Math.floor(at / 1000) * 1000;
}

function utcTimeAt(at: number): WallTime {
  const date = new Date(at);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

function utcOf({ year, month, day, hour, minute, second }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, format);
  return format;
}
