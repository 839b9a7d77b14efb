import { CANONICAL_SCHEMA, Canonical } from "../core/canonical.ts";
import type { Report } from "../core/records/report.ts";
import { diskProblem, type Holder } from "../environment/disk.ts";
import { freeBytes, listFolder, readJson } from "../state/files.ts";
import type { Context } from "./context.ts";

/** Bytes free at the state folder, and bytes that all canonicals hold. */
export function diskFacts(context: Context): Report["disk"] {
  return { free: freeBytes(context.state.root), canonicals: sum(holdersOf(context)) };
}

/** Bytes on disk that each canonical holds, largest first. */
export function holdersOf(context: Context): Holder[] {
  const holders = listFolder(context.state.canonicals).flatMap((recipe) => {
    const reading = readJson(context.state.canonical(recipe).record, Canonical, CANONICAL_SCHEMA);
    return reading.state === "read" ? [{ recipe, bytes: bytesOf(reading.value) }] : [];
  });
  return holders.sort((a, b) => b.bytes - a.bytes);
}

/** Why nothing can be tested: a full disk would turn a sound release red; null: there is space. */
export function testDiskProblem(context: Context): string | null {
  const free = freeBytes(context.state.root);
  const problem = diskProblem({ free, canonicals: null }, context.config.disk);
  return problem === null ? null : `disk: ${problem}`;
}

/**
 * Why the disk is too small for a promotion: for its snapshot now, or within the budget of all canonicals; null: it is
 * not.
 */
export function promotionDiskProblem(context: Context, canonical: Canonical | null): string | null {
  const free = freeBytes(context.state.root);
  const holders = holdersOf(context);
  const budget = context.config.disk;
  return (
    diskProblem({ free, canonicals: null, wanted: bytesOf(canonical) }, budget) ??
    diskProblem({ free: null, canonicals: sum(holders), holders }, budget)
  );
}

function sum(holders: readonly Holder[]): number {
  return holders.reduce((total, { bytes }) => total + bytes, 0);
}

// For a sparse file only its space on disk; older records lack it.
function bytesOf(record: Canonical | null): number {
  return (record?.volumes ?? []).reduce((sum, volume) => sum + (volume.used ?? volume.bytes), 0);
}
