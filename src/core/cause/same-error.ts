/**
 * Whether two first errors say the same, but for what differs from run to run: names of cold apps, ids, ports,
 * addresses, times and durations.
 */
export function isSameError(one: string, other: string): boolean {
  return essence(one) === essence(other);
}

function essence(text: string): string {
  return text
    .toLowerCase()
    .replace(/\b[a-z0-9]{1,4}-[0-9a-f]{6}(?=[._]|\b)/g, "#")
    .replace(/\b[0-9a-f]{6,}\b/g, "#")
    .replace(/\d+(?:[.:_-]\d+)*/g, "#")
    .replace(/\s+/g, " ")
    .trim();
}
