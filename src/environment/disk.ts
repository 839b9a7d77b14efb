import { formatBytes } from "../core/duration.ts";

/** A canonical, and its bytes on disk. */
export interface Holder {
  recipe: string;
  bytes: number;
}

export interface DiskFacts {
  /** Bytes free at the place of the data; null if unknown. */
  free: number | null;
  /** Bytes held by all canonicals; null if unknown. */
  canonicals: number | null;
  /** The canonicals, largest first. */
  holders?: readonly Holder[];
  /** Bytes about to be added. */
  wanted?: number;
}

/** Why the disk budget (`disk:`, in bytes) leaves no space; null if it does. */
export function diskProblem(
  facts: DiskFacts,
  budget: { minFree: number; canonicals: number },
): string | null {
  const wanted = facts.wanted ?? 0;
  if (facts.free !== null && facts.free - wanted < budget.minFree)
    return `${formatBytes(facts.free)} free${beside(wanted)}, disk.minFree is ${formatBytes(budget.minFree)}`;
  if (facts.canonicals !== null && facts.canonicals + wanted > budget.canonicals)
    return `canonicals hold ${formatBytes(facts.canonicals)}${largestOf(facts.holders ?? [])}${beside(wanted)}, disk.canonicals is ${formatBytes(budget.canonicals)}`;
  return null;
}

const NAMED = 3;

/** The largest few canonicals in brackets, to act on. Empty if there is none. */
export function largestOf(holders: readonly Holder[]): string {
  const named = holders.slice(0, NAMED).map(({ recipe, bytes }) => `${recipe} ${formatBytes(bytes)}`);
  const more = holders.length <= NAMED ? [] : [`${holders.length - NAMED} more`];
  return holders.length === 0 ? "" : ` (${[...named, ...more].join(", ")})`;
}

function beside(wanted: number): string {
  return wanted === 0 ? "" : ` and ${formatBytes(wanted)} to be added`;
}
