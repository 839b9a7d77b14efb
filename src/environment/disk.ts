import { formatBytes } from "../core/duration.ts";

export interface DiskFacts {
  /** Bytes free where the data goes; null where it cannot be asked. */
  free: number | null;
  /** Bytes that all canonicals hold; null where it is not known. */
  canonicals: number | null;
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
    return `canonicals hold ${formatBytes(facts.canonicals)}${beside(wanted)}, disk.canonicals is ${formatBytes(budget.canonicals)}`;
  return null;
}

function beside(wanted: number): string {
  return wanted === 0 ? "" : ` and ${formatBytes(wanted)} to be added`;
}
