const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZES: Record<string, number> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  TB: 1000 ** 4,
};
const SIZE = /^(\d+(?:\.\d+)?)\s*([KMGT]i?B|B)$/;

/** A timer of Node waits at most 24.8 days (2^31 - 1 ms), and ends at once where it should wait longer. */
const LONGEST_MS = 24 * 86_400_000;

/** Milliseconds of `10m`, `1h30m`, `90s`; null where the text is no duration, is zero, or is more than 24 days. */
export function parseDuration(text: string): number | null {
  if (!isWrittenDuration(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    total += Number(amount) * (UNITS[unit ?? ""] ?? Number.NaN);
  return total > 0 && total <= LONGEST_MS ? total : null;
}

/** Whether a text is written as a duration, of whatever length. */
export function isWrittenDuration(text: string): boolean {
  return /^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text);
}

/** Bytes of `5GiB`, `500MB`, `0B`; null where the text is no size, or is 2^53 bytes (8192 TiB) or more. */
export function parseBytes(text: string): number | null {
  const match = SIZE.exec(text);
  const size = SIZES[match?.[2] ?? ""];
  const bytes = size === undefined ? Number.NaN : Math.round(Number(match?.[1]) * size);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** Whether a text is written as a size, however large. */
export function isWrittenSize(text: string): boolean {
  return SIZE.test(text);
}

/** For people: `0.8s`, `42s`, `3m 05s`, `2h 07m`. */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h ${two(minutes % 60)}m` : `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

/** For people: `512 B`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  for (const unit of ["KiB", "MiB", "GiB", "TiB"]) {
    const amount = bytes / (SIZES[unit] ?? 1);
    if (amount < 1024 || unit === "TiB") return `${amount.toFixed(1)} ${unit}`;
  }
  return `${bytes} B`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
