import assert from "node:assert/strict";
import { formatBytes, formatDuration, parseBytes, parseDuration } from "../../../src/core/duration.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

const DURATION_GRAMMAR = {
  samples: ["10m", "1h30m", "90s", "1.5h", "500ms", "12h", "7d"],
  pieces: ["0", "1", "9", ".", "ms", "s", "m", "h", "d", "00", "999999999"],
};
const SIZE_GRAMMAR = {
  samples: ["5GiB", "500MB", "0B", "1.5 TiB", "12 KB"],
  pieces: ["0", "1", "9", ".", "B", "KiB", "GiB", "T", "i", "999999999"],
};
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

export const DURATIONS: FuzzedParser = {
  name: "duration",
  inputs: shortInputs(DURATION_GRAMMAR),
  long: longInputs(DURATION_GRAMMAR),
  accepts: (text) => {
    const ms = parseDuration(text);
    if (ms === null) return false;
    assert.ok(Number.isFinite(ms) && ms > 0, `${ms} ms`);
    const parts = [...text.matchAll(/([0-9.]+)([a-z]+)/g)];
    const sum = parts.reduce(
      (total, [, amount, unit]) => total + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0),
      0,
    );
    assert.equal(ms, sum);
    assert.equal(parts.map(([part]) => part).join(""), text);
    assert.match(formatDuration(ms), /^\d+(\.\d)?(s|m \d\ds|h \d\dm|d \d\dh)$/);
    return true;
  },
};

export const SIZES: FuzzedParser = {
  name: "size",
  inputs: shortInputs(SIZE_GRAMMAR),
  long: longInputs(SIZE_GRAMMAR),
  accepts: (text) => {
    const bytes = parseBytes(text);
    if (bytes === null) return false;
    assert.ok(Number.isSafeInteger(bytes) && bytes >= 0, `${bytes} bytes`);
    assert.match(formatBytes(bytes), /^\d+(\.\d)? (B|[KMGT]iB)$/);
    return true;
  },
};
