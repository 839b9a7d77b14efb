import { Environment } from "../command/environment.ts";
import type { Step } from "../command/step.ts";
import type { Toolbox } from "../environment/toolbox.ts";
import { emptyFolder, measureTree } from "../state/tree.ts";
import type { Docker } from "./docker.ts";
import { demand, refusal } from "./failure.ts";
import { type Labels, labelOptions } from "./labels.ts";
import { inspectObjects } from "./objects.ts";
import { placeOf } from "./place.ts";

/** What the copying of volumes needs. */
export interface VolumeTools {
  docker: Docker;
  tools: Toolbox;
  /** An image with GNU cp and tar, for daemons that are not on this machine. */
  helper: string;
  /** For helper containers: they are ours like all that is made. */
  labels: Labels;
}

// The only format with parts of a second, long names and numbers of any size.
const TAR_FORMAT = ["--format=posix", "--numeric-owner"];

/** Copies a volume into a folder that is made for it, owners and times included, and syncs it to disk. */
export async function exportVolume(
  use: VolumeTools,
  volume: string,
  into: string,
  step: Step,
): Promise<void> {
  emptyFolder(into);
  const place = await placeOf(use.docker, volume, step);
  if (place.kind === "folder") await copyTree(use, place.path, into, step);
  else {
    const reading = helperArgv(
      use,
      [`${volume}:/volume:ro`],
      ["tar", ...TAR_FORMAT, "-C", "/volume", "-cf", "-", "."],
    );
    await pipe(use, [...reading, "|", use.tools.find("tar"), "-C", into, "-xpf", "-"], step);
  }
  await syncFolderTree(use, into, step);
}

/** Replaces all that is in a volume by what `exportVolume` wrote. Can be repeated after a kill. */
export async function importVolume(
  use: VolumeTools,
  from: string,
  volume: string,
  step: Step,
): Promise<void> {
  const place = await placeOf(use.docker, volume, step);
  if (place.kind === "folder") {
    emptyFolder(place.path);
    await copyTree(use, from, place.path, step);
    await syncFolderTree(use, place.path, step);
    return;
  }
  await runHelper(
    use,
    [`${volume}:/volume`],
    ["sh", "-c", "rm -rf /volume/..?* /volume/.[!.]* /volume/*"],
    step,
  );
  await mergeIntoVolume(use, from, volume, step);
}

/** Copies a folder over what is in a volume, which may be in use: what `from` has not, stays. */
export async function mergeIntoVolume(
  use: VolumeTools,
  from: string,
  volume: string,
  step: Step,
): Promise<void> {
  const place = await placeOf(use.docker, volume, step);
  if (place.kind === "folder") return copyTree(use, from, place.path, step);
  const writing = helperArgv(use, [`${volume}:/volume`], ["sh", "-c", "tar -C /volume -xpf - && sync"]);
  await pipe(use, [use.tools.find("tar"), ...TAR_FORMAT, "-C", from, "-cf", "-", ".", "|", ...writing], step);
}

/** Copies one volume's content over another's. */
export async function copyVolume(use: VolumeTools, from: string, to: string, step: Step): Promise<void> {
  const places = [await placeOf(use.docker, from, step), await placeOf(use.docker, to, step)] as const;
  if (places[0].kind === "folder" && places[1].kind === "folder")
    return copyTree(use, places[0].path, places[1].path, step);
  await runHelper(use, [`${from}:/from:ro`, `${to}:/to`], ["cp", "-a", "/from/.", "/to/"], step);
}

/** Waits until a volume's content is on disk. */
export async function syncVolume(use: VolumeTools, volume: string, step: Step): Promise<void> {
  const place = await placeOf(use.docker, volume, step);
  if (place.kind === "folder") return syncFolderTree(use, place.path, step);
  await runHelper(use, [`${volume}:/volume`], ["sync", "-f", "/volume"], step);
}

/** The bytes of the files in a volume. */
export async function sizeOfVolume(use: VolumeTools, volume: string, step: Step): Promise<number> {
  const place = await placeOf(use.docker, volume, step);
  if (place.kind === "folder") return (await measureTree(place.path)).bytes;
  const command = ["du", "-s", "--apparent-size", "--block-size=1", "/volume"];
  const result = await runHelper(use, [`${volume}:/volume:ro`], command, step, true);
  return Number.parseInt(result.stdout, 10) || 0;
}

/**
 * Makes a volume with these labels. Docker says nothing where one of that name exists, and leaves it as it is:
 * throws `ActFailed` (`refused`) for one that has not these labels, which somebody else has made.
 */
export async function createVolume(
  use: VolumeTools,
  volume: string,
  labels: Labels,
  step: Step,
): Promise<void> {
  demand(await use.docker.act(step, ["volume", "create", ...labelOptions(labels), "--", volume]), step);
  const [made] = await inspectObjects(use.docker, "volume", [volume], step);
  const isMade = Object.entries(labels).every(([name, value]) => made?.labels[name] === value);
  if (!isMade) throw refusal(`volume ${volume} was made by somebody else: it is left alone`);
}

async function copyTree(use: VolumeTools, from: string, to: string, step: Step): Promise<void> {
  const args = ["-a", "--reflink=auto", "--", `${from}/.`, `${to}/`];
  demand(
    await step.run({ file: use.tools.find("cp"), args, cwd: "/", env: Environment.of("copying", use.tools) }),
    step,
  );
}

async function syncFolderTree(use: VolumeTools, path: string, step: Step): Promise<void> {
  const args = ["-f", "--", path];
  demand(
    await step.run({
      file: use.tools.find("sync"),
      args,
      cwd: "/",
      env: Environment.of("copying", use.tools),
    }),
    step,
  );
}

async function runHelper(
  use: VolumeTools,
  volumes: readonly string[],
  command: readonly string[],
  step: Step,
  capture = false,
) {
  return demand(await use.docker.act(step, helperArguments(use, volumes, command), { capture }), step);
}

function helperArguments(use: VolumeTools, volumes: readonly string[], command: readonly string[]): string[] {
  const mounts = volumes.flatMap((volume) => ["--volume", volume]);
  const [program = "", ...args] = command;
  const options = ["--rm", "--interactive", "--network", "none", ...labelOptions(use.labels), ...mounts];
  return ["run", ...options, "--entrypoint", program, "--", use.helper, ...args];
}

function helperArgv(use: VolumeTools, volumes: readonly string[], command: readonly string[]): string[] {
  const { file, args } = use.docker.argv(helperArguments(use, volumes, command));
  return [file, ...args];
}

/** Runs two programs with a pipe between them; every word reaches bash as an argument, none as its code. */
async function pipe(use: VolumeTools, words: readonly string[], step: Step): Promise<void> {
  const middle = words.indexOf("|");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own expansion, not ours
  const script = 'set -o pipefail; n=$1; shift; "${@:1:n}" | "${@:n+1}"';
  const args = ["-c", script, "bash", String(middle), ...words.slice(0, middle), ...words.slice(middle + 1)];
  const shownAs = words.join(" ");
  demand(
    await step.run({ file: use.tools.find("bash"), args, cwd: "/", env: use.docker.argv([]).env, shownAs }),
    step,
  );
}
