import { join } from "node:path";
import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import { recipeFailure } from "../../docker/failure.ts";
import { writeJson } from "../../state/files.ts";
import { addToEntry } from "../ledger.ts";
import { ABRA } from "./abra-commands.ts";
import type { AbraOptions } from "./abra-options.ts";
import { measureBackup, parseSnapshots } from "./backup-list.ts";
import { volumeTools } from "./data.ts";
import { failureOfAbra } from "./failure.ts";
import { callAbra, outputOf, runAbra } from "./run-abra.ts";

/**
 * Backs an app up through backup-bot. The snapshot is the one that was not there before: `latest` may be that of
 * another run. What is in it is read from its list; `into` gets no more than its name.
 */
export async function backUp(
  options: AbraOptions,
  app: App,
  into: string,
  step: Step,
): Promise<{ files: number; bytes: number; id: string }> {
  const before = await snapshotsOf(options, app, step);
  const args = ABRA.createBackup(app.domain);
  await runAbra(options, app, { act: "backup", args, terminal: true }, step);
  const made = (await snapshotsOf(options, app, step)).filter((id) => !before.includes(id));
  const id = made.at(-1);
  if (id === undefined) throw recipeFailure("abra's backup ended well and made no snapshot");
  addToEntry(options.stateRoot, app, "snapshots", made);
  writeJson(join(into, "snapshot.json"), { schema: 1, domain: app.domain, id });
  const listed = { act: "backup list", args: ABRA.listBackup(app.domain, id), terminal: true } as const;
  const list = await runAbra(options, app, listed, step);
  return { id, ...(await measureBackup(volumeTools(options, app), app.stack, list, step)) };
}

/** Restores one snapshot, by its id. */
export async function restoreBackup(options: AbraOptions, app: App, id: string, step: Step): Promise<void> {
  if (!/^[0-9a-f]{8,64}$/.test(id)) throw recipeFailure(`no snapshot's id: ${id}`);
  const args = ABRA.restore(app.domain, id);
  await runAbra(options, app, { act: "restore", args, terminal: true }, step);
}

async function snapshotsOf(options: AbraOptions, app: App, step: Step): Promise<string[]> {
  const call = { act: "backup snapshots", args: ABRA.listSnapshots(app.domain), terminal: true } as const;
  const result = await callAbra(options, app, call, step);
  const output = outputOf(result);
  if (result.ok) return parseSnapshots(output);
  // A store that has none yet is not told apart by the exit code.
  if (result.exitCode !== null && /no snapshots?\b/i.test(output)) return [];
  throw failureOfAbra(result, { act: call.act, output, runsInApp: true }, step);
}
