import type { Step } from "../../command/step.ts";
import { inJail } from "./jail.ts";
import { inContainer, type VolumeTools } from "./volume-container.ts";
import { locateVolume } from "./volume-location.ts";

/** What the regular files of a volume are. */
export interface VolumeMeasure {
  /** The sum of their lengths; a hard link counts once. */
  bytes: number;
  /** Of the disk: of a sparse file, what it has. */
  used: number;
  /** When the newest was changed last, in milliseconds since the epoch; null where there is none, or it is elsewhere. */
  newestMs: number | null;
}

/** Measures the files of a volume; what disappears meanwhile is not counted. */
export async function measureVolume(use: VolumeTools, volume: string, step: Step): Promise<VolumeMeasure> {
  const location = await locateVolume(use.docker, volume, step);
  if (location.kind === "folder") return measureFiles(use, location.path, step);
  const command = "du -s --apparent-size --block-size=1 /volume && du -s --block-size=1 /volume";
  const result = await inContainer(use, [`${volume}:/volume:ro`], ["sh", "-c", command], step, true);
  const [bytes = 0, used = 0] = result.stdout.split("\n").map((line) => Number.parseInt(line, 10) || 0);
  return { bytes, used, newestMs: null };
}

/**
 * The lengths of these files of a volume, by their paths in it; `no file` for a folder and its like. What is not there
 * has no entry. Null where the volume cannot be seen from here.
 */
export async function fileLengths(
  use: VolumeTools,
  volume: string,
  wanted: ReadonlySet<string>,
  step: Step,
): Promise<Map<string, number | "no file"> | null> {
  const location = await locateVolume(use.docker, volume, step);
  if (location.kind === "container") return null;
  const lengths = new Map<string, number | "no file">();
  await walkFolder(use, location.path, "%y %s %P", step, (entry) => {
    const [, type, bytes, path = ""] = /^(.) (\d+) (.*)$/s.exec(entry) ?? [];
    if (wanted.has(path)) lengths.set(path, type === "f" ? Number(bytes) : "no file");
  });
  return lengths;
}

const BLOCK_BYTES = 512;

async function measureFiles(use: VolumeTools, path: string, step: Step): Promise<VolumeMeasure> {
  const measure: VolumeMeasure = { bytes: 0, used: 0, newestMs: null };
  const linked = new Set<string>();
  await walkFolder(use, path, "%y %n %i %s %b %T@", step, (entry) => {
    const [type, links, inode = "", bytes, blocks, changed] = entry.split(" ");
    if (type !== "f") return;
    const newestMs = Math.floor(Number(changed) * 1000);
    measure.newestMs = Math.max(measure.newestMs ?? newestMs, newestMs);
    if (links !== "1" && linked.has(inode)) return;
    if (links !== "1") linked.add(inode);
    measure.bytes += Number(bytes);
    measure.used += Number(blocks) * BLOCK_BYTES;
  });
  return measure;
}

/** Calls back with what `find` prints by this format of all that is in a volume's folder, looked at in a jail. */
export async function walkFolder(
  use: VolumeTools,
  path: string,
  format: string,
  step: Step,
  onEntry: (entry: string) => void,
): Promise<void> {
  let rest = "";
  const onOutput = (text: string) => {
    const entries = `${rest}${text}`.split("\0");
    rest = entries.pop() ?? "";
    entries.forEach(onEntry);
  };
  const script = 'find /from -ignore_readdir_race -xdev -printf "$1\\0"';
  const binds = [{ from: path, at: "from", writable: false }];
  await inJail(use.tools, { binds, tools: ["find"], script, words: [format] }, step, {
    onOutput,
    capture: true,
  });
}
