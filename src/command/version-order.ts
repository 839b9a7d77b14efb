/** Whether a version such as `20.10.24+dfsg1` is at least one such as `20.10`, number by number. */
export function isAtLeast(version: string, least: string): boolean {
  const have = numbers(version);
  const need = numbers(least);
  for (const [index, wanted] of need.entries()) {
    const found = have[index] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}

function numbers(version: string): number[] {
  const leading = /^\d+(\.\d+)*/.exec(version)?.[0] ?? "0";
  return leading.split(".").map(Number);
}
