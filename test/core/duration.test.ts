import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration, parseBytes, parseDuration } from "../../src/core/duration.ts";

describe("a duration", () => {
  it.each([
    ["10m", 600_000],
    ["1h30m", 5_400_000],
    ["90s", 90_000],
    ["250ms", 250],
    ["1.5h", 5_400_000],
    ["2d", 172_800_000],
    ["24d", 2_073_600_000],
  ])("%s is %i milliseconds", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["25d", "24d1ms", "577h", "999999999d"])("%s is too long for a timer", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each(["", "0s", "0h0m", "10", "m", "-5m", "5 m", "5m ", "1w", "1e3s", "5m\n", ".5h", "1.h"])(
    "%j is no duration",
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  it.each([
    [0, "0.0s"],
    [840, "0.8s"],
    [42_000, "42s"],
    [59_600, "1m 00s"],
    [185_000, "3m 05s"],
    [3_599_600, "1h 00m"],
    [7_620_000, "2h 07m"],
    [3 * 86_400_000, "3d 00h"],
  ])("%i milliseconds are shown as %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("never shows 60 seconds or 60 minutes", () => {
    fc.assert(
      fc.property(fc.nat(90_000_000), (ms) => {
        expect(formatDuration(ms)).not.toMatch(/\b60[sm]\b/);
      }),
    );
  });
});

describe("a size", () => {
  it.each([
    ["5GiB", 5_368_709_120],
    ["50GiB", 53_687_091_200],
    ["500MB", 500_000_000],
    ["1.5 KiB", 1536],
    ["0B", 0],
    ["1TB", 1_000_000_000_000],
    ["8191TiB", 8191 * 1024 ** 4],
  ])("%s is %i bytes", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(["8192TiB", "", "5", "5G", "GiB", "-1GiB", "1 PiB", "1gib", "1GiB\n", "5BiB"])(
    "%j is no size",
    (text) => {
      expect(parseBytes(text)).toBeNull();
    },
  );

  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [1.5 * 1024 ** 3, "1.5 GiB"],
    [5000 * 1024 ** 4, "5000.0 TiB"],
  ])("%i bytes are shown as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
