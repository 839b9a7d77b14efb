import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { Environment } from "../../command/environment.ts";
import type { Step } from "../../command/step.ts";
import type { Toolbox } from "../../command/toolbox.ts";
import { machineryFailure } from "../../docker/failure.ts";
import { type Bind, inJail } from "../../docker/volumes/jail.ts";
import { exists, listFolder, writeWhole } from "../../state/files.ts";

/** A restic repository in a folder, its password beside it. */
export interface Store {
  tools: Toolbox;
  /** Absolute. */
  folder: string;
}

/** What a backup is made of: folders by the names that they have in it, and paths that begin with such a name. */
export interface Sources {
  folders: ReadonlyMap<string, string>;
  paths: readonly string[];
}

const Summary = z.object({
  message_type: z.literal("summary"),
  total_files_processed: z.number(),
  total_bytes_processed: z.number(),
  snapshot_id: z.string(),
});

/** Makes the repository, if there is none yet, with a password of its own. */
export async function openStore(store: Store, step: Step): Promise<void> {
  const password = join(store.folder, "password");
  if (exists(password)) return;
  const value = randomBytes(24).toString("hex");
  step.secret(value);
  writeWhole(password, value, 0o600);
  await restic(store, { script: `${RESTIC} init` }, step);
}

/**
 * Backs up what stands at these paths, and follows no link on the way to one or below it. `absent` are those where
 * nothing stands, `made` is null where that is so of all. Throws `ActFailed` (machinery) when restic does not say
 * what it did.
 */
export async function backUp(
  store: Store,
  { folders, paths }: Sources,
  step: Step,
): Promise<{ absent: string[]; made: { id: string; files: number; bytes: number } | null }> {
  const binds = [...folders].map(([name, from]) => ({ from, at: `${ROOT}/${name}`, writable: false }));
  const { stdout } = await restic(store, { binds, script: BACK_UP, words: paths }, step);
  const lines = stdout.split("\n");
  const absent = lines.flatMap((line) => paths[Number(/^absent (\d+)$/.exec(line)?.[1] ?? -1)] ?? []);
  if (absent.length === paths.length) return { absent, made: null };
  const last = lines.findLast((line) => line.includes('"summary"'));
  const summary = Summary.safeParse(last === undefined ? null : JSON.parse(last));
  if (!summary.success) throw machineryFailure("restic ended without saying what it backed up");
  const { snapshot_id: id, total_files_processed: files, total_bytes_processed: bytes } = summary.data;
  return { absent, made: { id, files, bytes } };
}

/** Restores one backup, by its id, below a folder. Returns what it has of each of the folders in it, by their names. */
export async function restoreInto(
  store: Store,
  id: string,
  folder: string,
  step: Step,
): Promise<Map<string, string>> {
  const binds = [{ from: folder, at: "stage", writable: true }];
  const script = `${RESTIC} --no-lock restore "$1" --target /stage`;
  await restic(store, { binds, script, words: [id], readsOnly: true }, step);
  const root = join(folder, ROOT);
  return new Map(listFolder(root).map((name) => [name, join(root, name)]));
}

/** Where the folders of a backup stand in the jail. */
const ROOT = "volumes";

const RESTIC = "restic --no-cache --repo /store/repository";

/** Links on the way are looked for where the kernel cannot be asked not to follow them: see `inJail`. */
const BACK_UP = `cd /${ROOT}
stands() {
  local rest=$1 at=""
  while [[ $rest == */* ]]; do
    at+=\${rest%%/*}; rest=\${rest#*/}
    [[ ! -L $at ]] || return 1
    at+=/
  done
  [[ -e $1 || -L $1 ]]
}
paths=() count=0
for path; do
  if stands "$path"; then paths+=("/${ROOT}/$path"); else echo "absent $count"; fi
  count=$((count + 1))
done
((\${#paths[@]} == 0)) || ${RESTIC} backup --json -- "\${paths[@]}"`;

interface Call {
  binds?: readonly Bind[];
  script: string;
  words?: readonly string[];
  readsOnly?: boolean;
}

function restic(store: Store, { binds = [], script, words = [], readsOnly = false }: Call, step: Step) {
  const home = { from: store.folder, at: "store", writable: !readsOnly };
  const environment = Environment.of("restic", store.tools);
  const work = { binds: [home, ...binds], tools: ["restic"], script, words, environment };
  return inJail(store.tools, work, step, { capture: true });
}
