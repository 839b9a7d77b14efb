import type { Schedule } from "./due-time.ts";

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/**
 * A schedule as calendar expressions of systemd (systemd.time(7)), which fire at the same times. Systemd wants a day
 * to be in both of its fields: where either is enough, there are two expressions.
 */
export function onCalendar(schedule: Schedule): string[] {
  const { daysOfMonth, daysOfWeek, hours, isEitherDay, minutes, months, seconds, zone } = schedule;
  const time = `${field(hours, 0, 23)}:${field(minutes, 0, 59)}:${field(seconds, 0, 59)}`;
  const expression = (weekdays: string, day: string) =>
    `${weekdays}*-${field(months, 1, 12)}-${day} ${time} ${zone}`;
  const names = daysOfWeek.map((weekday) => WEEKDAYS[weekday]).join(",");
  const weekdays = daysOfWeek.length === 7 ? "" : `${names} `;
  const day = field(daysOfMonth, 1, 31);
  return isEitherDay ? [expression("", day), expression(weekdays, "*")] : [expression(weekdays, day)];
}

/** One moment as a calendar expression. */
export function onCalendarOnce(at: number): string {
  const [date = "", time = ""] = new Date(at).toISOString().split("T");
  return `${date} ${time.slice(0, 8)} UTC`;
}

function field(values: readonly number[], lowest: number, highest: number): string {
  if (values.length === highest - lowest + 1) return "*";
  return values.map((value) => String(value).padStart(2, "0")).join(",");
}
