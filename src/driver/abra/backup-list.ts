import { dirname } from "node:path";
import type { Step } from "../../command/step.ts";
import { STACK_NAMESPACE } from "../../docker/labels.ts";
import { listObjects } from "../../docker/objects.ts";
import { fileLengths } from "../../docker/volumes/measure-volume.ts";
import type { VolumeTools } from "../../docker/volumes/volumes.ts";

/** The ids in a list of snapshots, in order: a short or a full one on each line with a date. */
export function parseSnapshots(output: string): string[] {
  return output.split("\n").flatMap((line) => {
    if (!/\d{4}-\d{2}-\d{2}/.test(line)) return [];
    const id = /(?<![.\w-])(?:[0-9a-f]{64}|[0-9a-f]{8})(?![\w-])/.exec(line)?.[0];
    return id === undefined ? [] : [id];
  });
}

/** The paths of files in a backup's list, which also names each folder before its content. */
export function leafPaths(list: string): string[] {
  const paths = list.split("\n").flatMap((line) => /(?:^|\s)(\/.*\S)\s*$/.exec(line)?.[1] ?? []);
  const folders = new Set(paths.map((path) => dirname(path)));
  return paths.filter((path) => !folders.has(path));
}

/**
 * Measures the app's data in a backup. The list has no sizes, so they are taken from the same files in the volumes
 * right after the backup. A file that is not visible there counts as one byte, with a warning: enough to tell a backup
 * from an empty one.
 */
export async function measureBackup(
  use: VolumeTools,
  stack: string,
  list: string,
  step: Step,
): Promise<{ files: number; bytes: number }> {
  const found = await listObjects(use.docker, "volume", [`label=${STACK_NAMESPACE}=${stack}`], step);
  const volumes = found.map(({ name }) => name);
  const sizes: (number | null)[] = [];
  for (const volume of volumes) sizes.push(...(await sizesIn(use, volume, leafPaths(list), step)));
  if (sizes.includes(null))
    step.warn("the sizes of some files in the backup are not known: they cannot be seen in the volumes");
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 1), 0);
  return { files: sizes.length, bytes };
}

/** The sizes of the listed files in a volume; null for one that cannot be looked at. */
async function sizesIn(
  use: VolumeTools,
  volume: string,
  paths: readonly string[],
  step: Step,
): Promise<(number | null)[]> {
  const mark = `/${volume}/_data/`;
  const inside = paths
    .filter((path) => path.includes(mark))
    .map((path) => path.slice(path.indexOf(mark) + mark.length));
  if (inside.length === 0) return [];
  const lengths = await fileLengths(use, volume, new Set(inside), step);
  // A dump that a post-hook has removed is in the backup all the same.
  const sizes = inside.map((path) => lengths?.get(path) ?? null);
  return sizes.filter((size) => size !== "no file");
}
