import { appendHistory, readRecord, writeRecord } from "../canonical/store.ts";
import type { Canonical } from "../core/canonical.ts";
import { Fault } from "../fault.ts";
import { isoTime } from "../log.ts";
import type { Context } from "../run/context.ts";
import { takeLock } from "../run/lock.ts";
import { withRun } from "../run/open-run.ts";
import { newRunId } from "../run/run.ts";
import { isThere } from "../state/files.ts";

/**
 * Revokes a canonical: the record stays as `revoked` and no longer counts, its history continues, and its data is kept
 * until the next seed is proven.
 */
export async function revokeCanonical(context: Context, recipe: string, reason: string): Promise<Canonical> {
  await settleFirst(context, recipe);
  const run = newRunId(context.clock);
  const lock = await takeLock(context, run, `revoke ${recipe}`);
  try {
    const paths = context.state.canonical(recipe);
    const reading = readRecord(paths, recipe);
    if (reading.state === "unreadable")
      throw new Fault("machinery", reading.problem, "mend or restore the file first");
    if (reading.state !== "read")
      throw new Fault("usage", `${recipe} has no canonical`, "`canonical-sweep status` lists them");
    const { record } = reading;
    if (record.status === "revoked") return record;
    const ts = isoTime(context.clock);
    const revoked: Canonical = {
      ...record,
      status: "revoked",
      revoked: { reason, ts, status: record.status },
    };
    writeRecord(paths, revoked);
    appendHistory(paths, { ts, event: "revoked", from: record.version, to: null, run, reason });
    return revoked;
  } finally {
    lock.release();
  }
}

// The revoked record must be the one that counts, so a promotion left by a dead run is settled first.
async function settleFirst(context: Context, recipe: string): Promise<void> {
  const { promotion } = context.state.canonical(recipe);
  if (!isThere(promotion)) return;
  const { unsettled } = await withRun(context, `revoke ${recipe}`, async (open) => open);
  if (isThere(promotion))
    throw new Fault(
      "machinery",
      `${promotion}: ${unsettled.map(({ problem }) => problem).join("; ")}`,
      "a promotion could not be settled: see the run's recovery log, then revoke again",
    );
}
