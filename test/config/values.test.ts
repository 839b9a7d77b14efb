import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseListen } from "../../src/config/listen.ts";
import { isCronExpression, readSchedule } from "../../src/config/schedule.ts";
import { formatBytes, parseBytes, parseDuration } from "../../src/core/duration.ts";

describe("the cron expression of a schedule", () => {
  it.each([
    "0 3 * * 0",
    "*/5 * * * *",
    "0 3 * * sun",
    "0,30 1-5 1,15 jan-mar mon-fri",
    "10 0 3 * * 7",
    "0 3 1-15/2 * *",
    "0 3 29,31 2 *",
    " 0 3\t* *  0 ",
    "0 3 31 4 mon",
    "0 3 30 2 1",
  ])("%s is taken, and can be read", (expression) => {
    expect(isCronExpression(expression)).toBe(true);
    expect(readSchedule(expression, "UTC").hours).toContain(3);
  });

  it.each([
    "",
    "0 3 * *",
    "60 3 * * 0",
    "0 3 * * 8",
    "0 3 0 * *",
    "@weekly",
    "0 3 * * sunday!",
    "0 3-1 * * *",
    "98-44 * * * *",
    "0 3 * * sat-mon",
    "0-999999999 * * * *",
    "*/0 * * * *",
    "0 3 L * *",
    "0 3 15W * *",
    "0 3 ? * 0",
    "0 3 * jan2 *",
    "0 3 * * 1#2",
    "0 3 30 2 *",
    "0 3 30 2 */2",
    "0 3 1-32/5 * *",
    "23-60/3 3 * * *",
    "0 3 * 3-14/3 *",
    "0 3 * dec-14/5 *",
    "0 3 * * 5-8/2",
    "0 3 * mon *",
    "0 3 * * jan",
    "0 3 31 feb,4-6/2 *",
    "a b c d e",
  ])("%j is refused", (expression) => {
    expect(isCronExpression(expression)).toBe(false);
  });

  it("no expression with a value outside of its field is taken", () => {
    const number = fc.integer({ min: 0, max: 61 }).map(String);
    const word = fc.constantFrom("sun", "mon", "jan", "DEC", "*", "x");
    const value = fc.oneof(number, word);
    const range = fc.tuple(value, value).map(([from, to]) => `${from}-${to}`);
    const step = fc.tuple(fc.oneof(fc.constant("*"), range), number).map(([of, by]) => `${of}/${by}`);
    const item = fc.oneof({ weight: 3, arbitrary: value }, range, step);
    const field = fc.array(item, { minLength: 1, maxLength: 2 }).map((items) => items.join(","));
    const position = fc.nat({ max: 4 });
    let taken = 0;
    fc.assert(
      fc.property(position, field, (at, text) => {
        const expression = ["*", "*", "*", "*", "*"].with(at, text).join(" ");
        if (!isCronExpression(expression)) return true;
        taken += 1;
        const { minutes, hours, daysOfMonth, months, daysOfWeek } = readSchedule(expression, "UTC");
        return [minutes, hours, daysOfMonth, months, daysOfWeek].every((values, index) => {
          const [lowest, highest] = BOUNDS[index] ?? [0, 0];
          return values.length > 0 && values.every((one) => one >= lowest && one <= highest);
        });
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

const BOUNDS: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];

describe("the status page's address", () => {
  it.each([
    ["127.0.0.1:8390", { host: "127.0.0.1", port: 8390 }],
    ["localhost:0", { host: "localhost", port: 0 }],
    ["[::1]:8390", { host: "::1", port: 8390 }],
  ])("reads %s", (text, address) => {
    expect(parseListen(text)).toEqual(address);
  });

  it.each(["8390", ":8390", "::1:8390", "localhost:99999", "localhost:http", "a b:1"])(
    "refuses %j",
    (text) => {
      expect(parseListen(text)).toBeNull();
    },
  );
});

describe("durations and sizes", () => {
  it("a duration is the sum of its parts", () => {
    const part = fc.nat({ max: 500 });
    fc.assert(
      fc.property(part, part, part, (hours, minutes, seconds) => {
        const sum = ((hours * 60 + minutes) * 60 + seconds) * 1000;
        expect(parseDuration(`${hours}h${minutes}m${seconds}s`)).toBe(sum === 0 ? null : sum);
      }),
    );
  });

  it("a size that is shown reads back as the same size, to the digits shown", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 50 }), (bytes) => {
        const back = parseBytes(formatBytes(bytes));
        expect(back).not.toBeNull();
        expect(Math.abs((back ?? 0) - bytes)).toBeLessThanOrEqual(Math.max(1, bytes * 0.051));
      }),
    );
  });

  it.each(["", "10", "10 minutes", "m10", "-1m", "1h 30m", "0s"])("%j is no duration", (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
