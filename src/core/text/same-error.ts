/**
 * Whether two first errors are the same apart from differences between runs: names of apps (of a canonical, and of a
 * cold test or a copy), ids, ports, addresses, times, durations and counts.
 */
export function isSameError(one: string, other: string): boolean {
  return essence(one) === essence(other);
}

function essence(error: string): string {
  return error
    .toLowerCase()
    .replace(/\d{4}-\d\d-\d\d[t ][\d:.]+(?:z|[+-]\d\d:?\d\d)?/g, "#")
    .replace(/\b[a-z0-9]{1,4}-[0-9a-f]{6}(?=[._]|\b)/g, "#")
    .replace(/\bwarm-[a-z0-9-]+/g, "#")
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{6,64}\b/g, "#")
    .replace(/\d+(?:[.:_-]\d+)*/g, "#")
    .replace(/\s+/g, " ")
    .trim();
}
