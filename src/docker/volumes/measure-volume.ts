import type { Step } from "../../command/step.ts";
import { inJail } from "./jail.ts";
import { inContainer, type VolumeTools } from "./volume-container.ts";
import { locateVolume } from "./volume-location.ts";

/** Figures of the regular files of a volume. */
export interface VolumeMeasure {
  /** The sum of their lengths; a hard link counts once. */
  bytes: number;
  /** Space on disk: for a sparse file, its allocated blocks. */
  used: number;
  /** Time of the newest change, in milliseconds since the epoch; null for an empty volume or one on another machine. */
  newestMs: number | null;
}

/** Measures the files of a volume; files that disappear meanwhile are not counted. */
export async function measureVolume(use: VolumeTools, volume: string, step: Step): Promise<VolumeMeasure> {
  const location = await locateVolume(use.docker, volume, step);
  if (location.kind === "folder") return measureFiles(use, location.path, step);
  const command = "du -s --apparent-size --block-size=1 /volume && du -s --block-size=1 /volume";
  const result = await inContainer(use, [`${volume}:/volume:ro`], ["sh", "-c", command], step, true);
  const [bytes = 0, used = 0] = result.stdout.split("\n").map((line) => Number.parseInt(line, 10) || 0);
  return { bytes, used, newestMs: null };
}

/**
 * The lengths of these files of a volume, by path; `no file` for a folder and the like. A missing file has no entry.
 * Null if the volume cannot be seen from here.
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

/** Calls back with the output of `find` in this format for everything in a volume's folder, looked at in a jail. */
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
