import { formatBytes } from "../core/duration.ts";

/** A canonical, and the bytes of the disk that it holds. */
export interface Holder {
  recipe: string;
  bytes: number;
}

export interface DiskFacts {
  /** Bytes free where the data goes; null where it cannot be asked. */
  free: number | null;
  /** Bytes that all canonicals hold; null where it is not known. */
  canonicals: number | null;
  /** Who holds them, the largest first. */
  holders?: readonly Holder[];
  /** Bytes that are about to be added. */
  wanted?: number;
}

/** Why there is no room, by the disk budget (`disk:`, in bytes); null where there is. */
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

/** The few that hold most, in brackets: whom to act on. Empty where there is nobody. */
export function largestOf(holders: readonly Holder[]): string {
  const named = holders.slice(0, NAMED).map(({ recipe, bytes }) => `${recipe} ${formatBytes(bytes)}`);
  const more = holders.length <= NAMED ? [] : [`${holders.length - NAMED} more`];
  return holders.length === 0 ? "" : ` (${[...named, ...more].join(", ")})`;
}

function beside(wanted: number): string {
  return wanted === 0 ? "" : ` and ${formatBytes(wanted)} to be added`;
}
