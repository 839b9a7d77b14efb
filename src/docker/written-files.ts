import type { Step } from "../command/step.ts";
import { oneLine } from "../core/label.ts";
import { demand } from "./failure.ts";
import { labelOptions } from "./labels.ts";
import { placeOf } from "./place.ts";
import type { VolumeTools } from "./volumes.ts";

/** In characters: a longer name is cut. */
const LONGEST_NAME = 80;

/**
 * The names of what was written, made or changed in a volume since a time of the daemon's clock (in milliseconds), newest first and
 * at most `most` of them, with the number of all; folders are left out. Only names and times are read, and no link
 * is followed: tar walks the folder, and stores nothing.
 */
export async function writtenSince(
  use: VolumeTools,
  volume: string,
  sinceMs: number,
  most: number,
  step: Step,
): Promise<{ names: string[]; count: number }> {
  const listing = await listNewer(use, volume, sinceMs / 1000, step);
  const found = listing.split("\n").flatMap((line) => {
    const [, time, name] = /^[^d]\S+ +\S+ +\S+ (\S+ \S+) +\.\/(.*)$/.exec(line) ?? [];
    return time === undefined || name === undefined ? [] : [{ time, name: oneLine(name, LONGEST_NAME) }];
  });
  found.sort((a, b) => (a.time < b.time ? 1 : -1));
  return { names: found.slice(0, most).map(({ name }) => name), count: found.length };
}

/** What tar says of each file whose content or entry changed since, a line for each. */
async function listNewer(
  use: VolumeTools,
  volume: string,
  sinceSeconds: number,
  step: Step,
): Promise<string> {
  const place = await placeOf(use.docker, volume, step);
  const form = ["--verbose", "--verbose", "--full-time", "--numeric-owner", "--quoting-style=escape"];
  const args = [...form, "--one-file-system", `--newer=@${sinceSeconds}`, "--file=/dev/null", "--create"];
  if (place.kind === "folder") {
    const env = { ...use.docker.argv([]).env, LC_ALL: "C", TZ: "UTC" };
    const where = [`--directory=${place.path}`, "."];
    const listed = await step.run({
      file: use.tools.find("tar"),
      args: [...args, ...where],
      cwd: "/",
      env,
      capture: true,
    });
    return demand(listed, step).stdout;
  }
  const mount = ["--network", "none", "--volume", `${volume}:/volume:ro`, ...labelOptions(use.labels)];
  const run = ["run", "--rm", ...mount, "--entrypoint", "tar", "--", use.helper];
  const listed = await use.docker.act(step, [...run, ...args, "--directory=/volume", "."], { capture: true });
  return demand(listed, step).stdout;
}
