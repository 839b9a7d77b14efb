import { parse } from "node-cron";
import type { Schedule } from "../core/schedule/due-time.ts";

/** A cron expression in a time zone, as the scheduler's own parser takes it apart. */
export function readSchedule(expression: string, zone: string): Schedule {
  const fields = parse(expression);
  const numbers = (values: readonly (number | string)[]) =>
    [...new Set(values.map(Number))].sort((one, other) => one - other);
  return {
    seconds: numbers(fields.second),
    minutes: numbers(fields.minute),
    hours: numbers(fields.hour),
    daysOfMonth: numbers(fields.dayOfMonth),
    months: numbers(fields.month),
    daysOfWeek: numbers(fields.dayOfWeek),
    zone,
  };
}
