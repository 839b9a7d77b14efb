import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSchedule } from "../../src/config/schedule.ts";
import { nextDue, type Schedule, skippedTimes } from "../../src/core/schedule/due-time.ts";
import { onCalendar, onCalendarOnce } from "../../src/core/schedule/on-calendar.ts";

const BERLIN = "Europe/Berlin";

function dues(expression: string, zone: string, after: string, count: number): string[] {
  const schedule = readSchedule(expression, zone);
  const found: string[] = [];
  for (let at: number | null = Date.parse(after); found.length < count; ) {
    at = nextDue(schedule, at);
    if (at === null) break;
    found.push(new Date(at).toISOString().replace(":00.000Z", "Z"));
  }
  return found;
}

describe("the time at which a sweep is due", () => {
  it.each<[string, string, string, string, string[]]>([
    ["the default", "0 3 * * 0", "UTC", "2026-11-21T22:00Z", ["2026-11-22T03:00Z", "2026-11-29T03:00Z"]],
    ["strictly after", "0 3 * * 0", "UTC", "2026-11-22T03:00Z", ["2026-11-29T03:00Z"]],
    [
      "summer and winter time",
      "0 3 * * 0",
      BERLIN,
      "2027-03-20T00:00Z",
      ["2027-03-21T02:00Z", "2027-03-28T01:00Z"],
    ],
    [
      "a skipped time fires once",
      "30 2 * * *",
      BERLIN,
      "2027-03-27T12:00Z",
      ["2027-03-28T01:30Z", "2027-03-29T00:30Z"],
    ],
    [
      "once also beside the hour after it",
      "30 2,3 * * *",
      BERLIN,
      "2027-03-27T12:00Z",
      ["2027-03-28T01:30Z", "2027-03-29T00:30Z"],
    ],
    [
      "in the order of the moments",
      "0,30 2,3 * * *",
      BERLIN,
      "2027-03-27T12:00Z",
      ["2027-03-28T01:00Z", "2027-03-28T01:30Z", "2027-03-29T00:00Z"],
    ],
    [
      "a doubled time fires once",
      "30 2 * * *",
      BERLIN,
      "2027-10-30T12:00Z",
      ["2027-10-31T00:30Z", "2027-11-01T01:30Z"],
    ],
    [
      "half an hour forward",
      "15 2 * * 0",
      "Australia/Lord_Howe",
      "2026-10-03T00:00Z",
      ["2026-10-03T15:45Z", "2026-10-10T15:15Z"],
    ],
    [
      "a day that is skipped whole",
      "0 12 30 12 *",
      "Pacific/Apia",
      "2011-12-29T00:00Z",
      ["2011-12-30T22:00Z"],
    ],
    [
      "over midnight",
      "30 0 * * *",
      "America/Asuncion",
      "2023-09-30T12:00Z",
      ["2023-10-01T04:30Z", "2023-10-02T03:30Z"],
    ],
    [
      "both day fields set: either is enough",
      "0 0 13 * 5",
      "UTC",
      "2026-02-06T00:00Z",
      [
        "2026-02-13T00:00Z",
        "2026-02-20T00:00Z",
        "2026-02-27T00:00Z",
        "2026-03-06T00:00Z",
        "2026-03-13T00:00Z",
      ],
    ],
    [
      "both day fields set, and a day in both: once",
      "0 3 1 * 0",
      "UTC",
      "2026-10-26T00:00Z",
      ["2026-11-01T03:00Z", "2026-11-08T03:00Z"],
    ],
    [
      "either day field is enough, in the months that are set only",
      "0 0 1 2 sun",
      "UTC",
      "2026-02-20T00:00Z",
      ["2026-02-22T00:00Z", "2027-02-01T00:00Z", "2027-02-07T00:00Z"],
    ],
    [
      "a day field that begins with `*` is not set: both must agree",
      "0 0 */2 * 1",
      "UTC",
      "2026-11-01T00:00Z",
      ["2026-11-09T00:00Z", "2026-11-23T00:00Z", "2026-12-07T00:00Z"],
    ],
    ["a leap day", "0 0 29 2 *", "UTC", "2026-01-01T00:00Z", ["2028-02-29T00:00Z"]],
  ])("%s", (_name, expression, zone, after, expected) => {
    expect(dues(expression, zone, after, Math.max(1, expected.length))).toEqual(expected);
  });

  it("matches the schedule on the wall's clock, or is a time that the clock skipped", () => {
    fc.assert(
      fc.property(anySchedule(), fc.constantFrom(...ZONES), anyMoment(), (expression, zone, after) => {
        const schedule = readSchedule(expression, zone);
        const due = nextDue(schedule, after);
        if (due === null) return;
        expect(due).toBeGreaterThan(after);
        const shown = new Date(due).toLocaleString("sv-SE", { timeZone: zone });
        const [hour, minute] = shown.slice(11).split(":").map(Number);
        const isOnTheWall = schedule.hours.includes(hour ?? -1) && schedule.minutes.includes(minute ?? -1);
        if (!isOnTheWall) expect(skippedTimes(schedule, due - 1, due + 1)).toEqual([due]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the next due time, beside a walk through every minute", () => {
  it("is the first minute that cron(5) matches", () => {
    fc.assert(
      fc.property(anySchedule(), anyMoment(), (expression, after) => {
        const walked = firstMinute(expression, after);
        const due = nextDue(readSchedule(expression, "UTC"), after);
        if (walked === null) expect(due ?? Number.POSITIVE_INFINITY).toBeGreaterThan(after + WALKED_MS);
        else expect(due, expression).toBe(walked);
      }),
      { numRuns: 60 },
    );
  });
});

const MINUTE_MS = 60_000;
const WALKED_MS = 40 * 1440 * MINUTE_MS;

/** The first minute after a moment that the expression matches, read as crontab(5) is written; null: none for 40 days. */
function firstMinute(expression: string, after: number): number | null {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = expression.split(" ");
  const isEither = day[0] !== "*" && weekday[0] !== "*";
  const first = Math.floor(after / MINUTE_MS + 1) * MINUTE_MS;
  for (let at = first; at <= after + WALKED_MS; at += MINUTE_MS) {
    const date = new Date(at);
    if (!allows(minute, date.getUTCMinutes(), 0) || !allows(hour, date.getUTCHours(), 0)) continue;
    const ofMonth = allows(day, date.getUTCDate(), 1);
    const ofWeek = [0, 7].some((name) => allows(weekday, date.getUTCDay() || name, 0));
    const isDay = isEither ? ofMonth || ofWeek : ofMonth && ofWeek;
    if (isDay && allows(month, date.getUTCMonth() + 1, 1)) return at;
  }
  return null;
}

function allows(field: string, value: number, lowest: number): boolean {
  const numbered = field.replaceAll(/[a-z]{3}/g, (name) => String(NUMBERS[name]));
  return numbered.split(",").some((item) => {
    const [range = "", step = "1"] = item.split("/");
    const [first = 0, last = first] = range === "*" ? [lowest, 99] : range.split("-").map(Number);
    return value >= first && value <= last && (value - first) % Number(step) === 0;
  });
}

const NUMBERS: Readonly<Record<string, number>> = { sun: 0, jan: 1, jun: 6 };
const ZONES = ["UTC", BERLIN, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];

describe("the calendar expression for systemd", () => {
  it.each([
    ["0 3 * * 0", "UTC", ["Sun *-*-* 03:00:00 UTC"]],
    [
      "*/20 1-3 1,15 jan mon-fri",
      BERLIN,
      [
        "*-01-01,15 01,02,03:00,20,40:00 Europe/Berlin",
        "Mon,Tue,Wed,Thu,Fri *-01-* 01,02,03:00,20,40:00 Europe/Berlin",
      ],
    ],
    ["0 3 1 * 0", "UTC", ["*-*-01 03:00:00 UTC", "Sun *-*-* 03:00:00 UTC"]],
    ["0 3 */15 * 0", "UTC", ["Sun *-*-01,16,31 03:00:00 UTC"]],
    ["10 0 3 * * *", "UTC", ["*-*-* 03:00:10 UTC"]],
  ])("%s in %s", (expression, zone, expected) => {
    expect(onCalendar(readSchedule(expression, zone))).toEqual(expected);
  });

  const missing = spawnSync("/usr/bin/systemd-analyze", ["--version"]).error !== undefined;
  if (missing && process.env.CI === "true")
    throw new Error("in CI nothing is skipped: systemd-analyze is missing");

  it.skipIf(missing)("elapses for systemd when a sweep is due, skipped times of the zone included", () => {
    const cases = fc.sample(fc.tuple(anySchedule(), fc.constantFrom(...ZONES), anyMoment()), {
      numRuns: 40,
      seed: 7,
    });
    cases.push(["30 2 * * 0", BERLIN, Date.parse("2027-03-27T12:00Z")]);
    cases.push(["0 3 1 * 0", "UTC", Date.parse("2026-11-29T04:00Z")]);
    for (const [expression, zone, after] of cases) {
      const schedule = readSchedule(expression, zone);
      expect(elapses(schedule, after), `${expression} ${zone} after ${after}`).toBe(nextDue(schedule, after));
    }
  });
});

/** When a timer with what `units` writes would elapse first. */
function elapses(schedule: Schedule, after: number): number {
  const skipped = skippedTimes(schedule, after, after + 400 * 86_400_000).map(onCalendarOnce);
  const base = `--base-time=@${Math.floor(after / 1000)}`;
  const found = [...onCalendar(schedule), ...skipped].map((expression) => {
    const env = { TZ: "UTC", LC_ALL: "C", PATH: "/usr/bin" };
    const said = execFileSync("/usr/bin/systemd-analyze", ["calendar", base, expression], {
      encoding: "utf8",
      env,
    });
    const next = /Next elapse: \w+ (\S+) (\S+) UTC/.exec(said);
    return Date.parse(`${next?.[1]}T${next?.[2]}Z`);
  });
  return Math.min(...found.filter((at) => at > after));
}

function anySchedule(): fc.Arbitrary<string> {
  const hour = fc.oneof(fc.nat({ max: 3 }), fc.constantFrom("*", "*/6", "1-3", "0,2,23"));
  const minute = fc.oneof(fc.nat({ max: 59 }), fc.constantFrom("*", "0,30", "*/20"));
  const weekday = fc.constantFrom("*", "0", "sun", "1-5", "6,7");
  const day = fc.constantFrom("*", "1", "*/2", "10-20", "31");
  const month = fc.constantFrom("*", "3,10,11", "jan-jun");
  return fc.tuple(minute, hour, day, month, weekday).map((fields) => fields.join(" "));
}

function anyMoment(): fc.Arbitrary<number> {
  return fc
    .date({ min: new Date("2026-01-01T00:00Z"), max: new Date("2030-01-01T00:00Z"), noInvalidDate: true })
    .map((date) => Math.floor(date.getTime() / 1000) * 1000);
}
