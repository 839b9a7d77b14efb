import { type ConfigurationOrigin, configurationOrigin, copyConfiguration } from "../config/snapshot.ts";
import { compareFingerprints, fingerprint, reportedTools } from "../environment/fingerprint.ts";
import { preflight, requireTools } from "../environment/preflight.ts";
import { Fault, messageOf } from "../fault.ts";
import { removeTree } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";
import type { Context } from "./context.ts";
import { loadCode } from "./load-code.ts";
import { type Lock, takeLock } from "./lock.ts";
import { type Recovered, recover } from "./recover.ts";
import type { RollRow } from "./roll-one.ts";
import { createRun, newRunId, type Run } from "./run.ts";
import type { FormerReport } from "./run-history.ts";
import type { Unsettled } from "./settle-promotions.ts";
import { clearStopRequest } from "./stop.ts";

export interface OpenRun {
  run: Run;
  configuration: ConfigurationOrigin;
  /** Leftovers of a dead run that this one put right. */
  recovered: string[];
  /** Promotions that this run could not settle at its start. */
  unsettled: readonly Unsettled[];
  /** The live canonicals known to be down at its start, and the results of bringing them up. */
  rolled: readonly RollRow[];
  /** The report of the last full sweep; null if none can be read. */
  last: FormerReport | null;
  startedMs: number;
  close(): void;
}

/**
 * Does the work of a command in its own run, from the lock to its release. An error is noted: a run that gave up was
 * not killed. A run that could not begin because of another one leaves nothing.
 */
export async function withRun<T>(
  context: Context,
  command: string,
  work: (open: OpenRun) => Promise<T>,
): Promise<T> {
  const open = await openRun(context, command);
  try {
    return await work(open);
  } catch (error) {
    giveUp(open, error);
    throw error;
  } finally {
    open.close();
  }
}

function giveUp({ run, recovered }: Pick<OpenRun, "run" | "recovered">, error: unknown): void {
  if (error instanceof Fault && error.code === "locked" && recovered.length === 0) {
    removeTree(run.paths.folder);
    return;
  }
  try {
    run.note("ended", { error: messageOf(error) });
  } catch {
    // If it can no longer be written, the thrown error tells.
  }
}

/**
 * Begins a run: looks at the tools, takes the lock, settles leftovers of a dead run, and copies the configuration.
 * Nothing is tested before all of that is done.
 */
async function openRun(context: Context, command: string): Promise<OpenRun> {
  const { clock, config, state, tools } = context;
  const reports = await preflight(config, tools, clock, state.toolCache);
  requireTools(reports);
  const id = newRunId(clock);
  const lock = await takeLock(context, id, command);
  try {
    return await begin(context, { id, command, lock, reports });
  } catch (error) {
    endRun(state, id, lock);
    throw error;
  }
}

interface Beginning {
  id: string;
  command: string;
  lock: Lock;
  reports: Awaited<ReturnType<typeof preflight>>;
}

async function begin(context: Context, { id, command, lock, reports }: Beginning): Promise<OpenRun> {
  const { clock, config, progress, state, tools } = context;
  const run = createRun(context, id);
  await loadCode(run);
  clearStopRequest(state);
  const startedMs = clock.now();
  const seen = reportedTools(reports);
  const last = run.history.lastSweep();
  const changes = compareFingerprints(last?.tools ?? seen, seen);
  run.environment = { fingerprint: fingerprint(seen), tools: seen, changes };
  for (const change of changes)
    progress({ kind: "note", text: `a tool differs from the last sweep's: ${change}` });
  const copied = copyConfiguration(config.folder, run.configuration, config.state);
  for (const link of copied.outside)
    progress({
      kind: "note",
      text: `a link leads out of the configuration folder and was left out: ${link}`,
    });
  run.note("began", {
    command,
    configuration: config.folder,
    fingerprint: run.environment.fingerprint,
    limit: new Date(startedMs + config.timeouts.sweep).toISOString(),
  });
  const { done, unsettled, rolled } = await recoverOrGiveUp(run);
  const configuration = await configurationOrigin(config, tools, clock);
  const close = () => endRun(state, id, lock, run.keepsScratch);
  return { run, configuration, recovered: done, unsettled, rolled, last, startedMs, close };
}

async function recoverOrGiveUp(run: Run): Promise<Recovered> {
  try {
    return await recover(run);
  } catch (error) {
    giveUp({ run, recovered: [] }, error);
    throw error;
  }
}

function endRun(state: StatePaths, id: string, lock: Lock, keepsScratch = false): void {
  try {
    if (!keepsScratch) removeTree(state.scratch(id));
    clearStopRequest(state);
  } finally {
    lock.release();
  }
}
