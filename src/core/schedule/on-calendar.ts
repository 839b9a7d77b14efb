import type { Schedule } from "./due-time.ts";

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A schedule as a calendar expression of systemd (systemd.time(7)) with the same times. */
export function onCalendar(schedule: Schedule): string {
  const { daysOfMonth, daysOfWeek, hours, minutes, months, seconds, zone } = schedule;
  const date = `*-${field(months, 1, 12)}-${field(daysOfMonth, 1, 31)}`;
  const time = `${field(hours, 0, 23)}:${field(minutes, 0, 59)}:${field(seconds, 0, 59)}`;
  const weekdays = daysOfWeek.map((weekday) => WEEKDAYS[weekday]).join(",");
  return [...(daysOfWeek.length === 7 ? [] : [weekdays]), date, time, zone].join(" ");
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
