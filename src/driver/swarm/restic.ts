import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { Environment } from "../../command/environment.ts";
import type { Step } from "../../command/step.ts";
import type { Toolbox } from "../../command/toolbox.ts";
import { machineryFailure } from "../../docker/failure.ts";
import { type Bind, inJail } from "../../docker/volumes/jail.ts";
import { exists, listFolder, writeWhole } from "../../state/files.ts";

/** A restic repository in a folder, with its password beside it. */
export interface Store {
  tools: Toolbox;
  /** Absolute. */
  folder: string;
}

/** The content of a backup: folders by their names in it, and paths that begin with such a name. */
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

/** Makes the repository, with a new password, if there is none yet. */
export async function openStore(store: Store, step: Step): Promise<void> {
  const password = join(store.folder, "password");
  if (exists(password)) return;
  const value = randomBytes(24).toString("hex");
  step.secret(value);
  writeWhole(password, value, 0o600);
  await restic(store, { script: `${RESTIC} init` }, step);
}

/**
 * Backs up these paths, without following links on the way or below. `absent` lists missing paths; `made` is null if
 * all are missing. Throws `ActFailed` (machinery) if restic does not report its work.
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

/** Restores one backup, by id, below a folder. Returns the restored folders by name. */
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

/** The parent of a backup's folders in the jail. */
const ROOT = "volumes";

const RESTIC = "restic --no-cache --repo /store/repository";

/** The script checks for links itself, for kernels that cannot refuse to follow them: see `inJail`. */
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
