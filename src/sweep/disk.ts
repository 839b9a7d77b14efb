import { CANONICAL_SCHEMA, Canonical } from "../core/canonical.ts";
import type { Report } from "../core/report.ts";
import { diskProblem } from "../environment/disk.ts";
import { freeBytes, listFolder, readJson } from "../state/files.ts";
import type { Context } from "./context.ts";

/** Bytes that are free where the state is, and that all canonicals hold. */
export function diskFacts(context: Context): Report["disk"] {
  return { free: freeBytes(context.state.root), canonicals: canonicalBytes(context) };
}

/** Why nothing can be tested: a full disk would turn a sound release red; null: there is room. */
export function testDiskProblem(context: Context): string | null {
  const free = freeBytes(context.state.root);
  const problem = diskProblem({ free, canonicals: null }, context.config.disk);
  return problem === null ? null : `disk: ${problem}`;
}

/** Why a promotion has not enough disk: for its snapshot now, or within the budget of all canonicals; null: it has. */
export function promotionDiskProblem(context: Context, canonical: Canonical | null): string | null {
  const { free, canonicals } = diskFacts(context);
  const budget = context.config.disk;
  return (
    diskProblem({ free, canonicals: null, wanted: bytesOf(canonical) }, budget) ??
    diskProblem({ free: null, canonicals }, budget)
  );
}

function canonicalBytes(context: Context): number | null {
  let total = 0;
  for (const recipe of listFolder(context.state.canonicals)) {
    const reading = readJson(context.state.canonical(recipe).record, Canonical, CANONICAL_SCHEMA);
    if (reading.state === "read") total += bytesOf(reading.value);
  }
  return total;
}

// Of a sparse file only what it has of the disk; older records do not say that.
function bytesOf(record: Canonical | null): number {
  return (record?.volumes ?? []).reduce((sum, volume) => sum + (volume.used ?? volume.bytes), 0);
}
