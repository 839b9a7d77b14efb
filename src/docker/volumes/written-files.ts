import type { Step } from "../../command/step.ts";
import { oneLine } from "../../core/text/one-line.ts";
import { walkFolder } from "./measure-volume.ts";
import { inContainer, type VolumeTools } from "./volume-container.ts";
import { locateVolume } from "./volume-location.ts";

/** Characters; a longer name is cut. */
const LONGEST_NAME = 80;

interface Written {
  /** Seconds since the epoch. */
  time: number;
  name: string;
}

/**
 * The names of files written, made or changed in a volume since a time of the daemon's clock (in milliseconds), newest
 * first and at most `most`, with the number of all; folders are left out. Reads only names and times, from a place
 * where only the volume can be reached.
 */
export async function writtenSince(
  use: VolumeTools,
  volume: string,
  sinceMs: number,
  most: number,
  step: Step,
): Promise<{ names: string[]; count: number }> {
  const found: Written[] = [];
  await eachFile(use, volume, step, (file) => {
    if (file.time >= sinceMs / 1000) found.push(file);
  });
  found.sort((a, b) => b.time - a.time);
  // A line break in a name is escaped.
  const names = found
    .slice(0, most)
    .map(({ name }) => oneLine(JSON.stringify(name).slice(1, -1), LONGEST_NAME));
  return { names, count: found.length };
}

async function eachFile(
  use: VolumeTools,
  volume: string,
  step: Step,
  onFile: (file: Written) => void,
): Promise<void> {
  const onEntry = (entry: string) => {
    const [, type, time, name = ""] = /^(.) (\S+) (.*)$/s.exec(entry) ?? [];
    if (type !== undefined && type !== "d") onFile({ time: Number(time), name });
  };
  const location = await locateVolume(use.docker, volume, step);
  if (location.kind === "folder") return walkFolder(use, location.path, "%y %C@ %P", step, onEntry);
  const command = ["find", "/volume", "-xdev", "-printf", "%y %C@ %P\\0"];
  const listed = await inContainer(use, [`${volume}:/volume:ro`], command, step, true);
  for (const entry of listed.stdout.split("\0")) if (entry !== "") onEntry(entry);
}
