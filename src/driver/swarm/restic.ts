import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { Environment } from "../../command/environment.ts";
import type { Step } from "../../command/step.ts";
import { demand, machineryFailure } from "../../docker/failure.ts";
import type { Toolbox } from "../../environment/toolbox.ts";
import { exists, writeWhole } from "../../state/files.ts";

/** A restic repository in a folder, its password beside it. */
export interface Store {
  tools: Toolbox;
  /** Absolute. */
  folder: string;
}

const Summary = z.object({
  message_type: z.literal("summary"),
  total_files_processed: z.number(),
  total_bytes_processed: z.number(),
  snapshot_id: z.string(),
});

/** Makes the repository, if there is none yet, with a password of its own. */
export async function openStore(store: Store, step: Step): Promise<void> {
  if (exists(passwordOf(store))) return;
  const password = randomBytes(24).toString("hex");
  step.secret(password);
  writeWhole(passwordOf(store), password, 0o600);
  demand(await restic(store, ["init"], "/", step), step);
}

/** Backs a folder up, paths relative to it. Throws `ActFailed` (machinery) when restic does not say what it did. */
export async function backUp(
  store: Store,
  folder: string,
  paths: readonly string[],
  step: Step,
): Promise<{ id: string; files: number; bytes: number }> {
  const result = demand(await restic(store, ["backup", "--json", "--", ...paths], folder, step), step);
  const last = result.stdout.split("\n").findLast((line) => line.includes('"summary"'));
  const summary = Summary.safeParse(last === undefined ? null : JSON.parse(last));
  if (!summary.success) throw machineryFailure("restic ended without saying what it backed up");
  const { snapshot_id: id, total_files_processed: files, total_bytes_processed: bytes } = summary.data;
  return { id, files, bytes };
}

/** Restores one snapshot, by its id, below a folder: each path at its old place under it. */
export async function restoreInto(store: Store, id: string, folder: string, step: Step): Promise<void> {
  demand(await restic(store, ["restore", id, "--target", folder], "/", step), step);
}

function restic(store: Store, args: readonly string[], cwd: string, step: Step) {
  return step.run({
    file: store.tools.find("restic"),
    args: ["--no-cache", "--repo", join(store.folder, "repository"), ...args],
    cwd,
    env: Environment.of("restic", { searchPath: store.tools.searchPath, passwordFile: passwordOf(store) }),
    capture: true,
  });
}

function passwordOf(store: Store): string {
  return join(store.folder, "password");
}
