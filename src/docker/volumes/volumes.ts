import type { Step } from "../../command/step.ts";
import { emptyFolder } from "../../state/trees/tree.ts";
import { demand, refusal } from "../failure.ts";
import { type Labels, labelOptions } from "../labels.ts";
import { inspectObjects } from "../objects.ts";
import { type Bind, inJail, jailSide } from "./jail.ts";
import { containerSide, inContainer, pipe, type VolumeTools } from "./volume-container.ts";
import { locateVolume } from "./volume-location.ts";

export type { VolumeTools };

// The only format with fractions of a second, long names and numbers of any size; it lacks sockets.
const TAR = "tar --format=posix --numeric-owner --sparse --acls --xattrs --xattrs-include='*'";
// A file in the way is unlinked, never written through; so is a link in place of a folder.
const PACK = (from: string) => `${TAR} -C ${from} -cf - .`;
const UNPACK = (to: string) => `${TAR} -C ${to} -xpPf -`;
// Only a folder with content in place of a file makes tar fail: it is removed, and the merge starts again.
const MERGE = `merge() { ${PACK("/from")} | ${UNPACK("/to")}; }
clear() {
  find /to -xdev -mindepth 1 -depth -type d -printf '%P\\0' | while IFS= read -rd "" path; do
    if [[ -L /from/$path || ( -e /from/$path && ! -d /from/$path ) ]]; then find "/to/$path" -delete; fi
  done
}
merge || { clear || true; merge; }`;
const COPY = "cp -a --reflink=auto -- /from/. /to/";

/** Copies a volume into a new folder, with owners and times, and syncs it to disk. */
export async function exportVolume(
  use: VolumeTools,
  volume: string,
  into: string,
  step: Step,
): Promise<void> {
  emptyFolder(into);
  const location = await locateVolume(use.docker, volume, step);
  const to = { from: into, at: "to", writable: true };
  if (location.kind === "folder") {
    const binds = [{ from: location.path, at: "from", writable: false }, to];
    await inJail(use.tools, { binds, tools: ["cp", "sync"], script: `${COPY} && sync -f -- /to` }, step);
    return;
  }
  const reading = containerSide(use, [`${volume}:/volume:ro`], ["sh", "-c", PACK("/volume")]);
  const work = { binds: [to], tools: ["tar", "sync"], script: `${UNPACK("/to")} && sync -f -- /to` };
  await pipe(use, reading, await jailSide(use.tools, work, step), step);
}

/** Replaces the content of a volume by an export of `exportVolume`. Can be repeated after a kill. */
export async function importVolume(
  use: VolumeTools,
  from: string,
  volume: string,
  step: Step,
): Promise<void> {
  const location = await locateVolume(use.docker, volume, step);
  if (location.kind === "folder") {
    const [source, to] = copying(from, location.path);
    const emptying = "find /to -xdev -mindepth 1 -delete";
    await inJail(use.tools, { binds: [to], tools: ["find"], script: emptying }, step);
    const script = `${COPY} && sync -f -- /to`;
    await inJail(use.tools, { binds: [source, to], tools: ["cp", "sync"], script }, step);
    return;
  }
  const script = 'for each in /volume/..?* /volume/.[!.]* /volume/*; do rm -rf -- "$each" || exit 1; done';
  await inContainer(use, [`${volume}:/volume`], ["sh", "-c", script], step);
  await mergeIntoVolume(use, from, volume, step);
}

/**
 * Copies a folder over the content of a volume that may be in use: files that `from` lacks stay. Anything of another
 * kind in the way, such as a link, is replaced.
 */
export async function mergeIntoVolume(
  use: VolumeTools,
  from: string,
  volume: string,
  step: Step,
): Promise<void> {
  const location = await locateVolume(use.docker, volume, step);
  if (location.kind === "folder") {
    const binds = copying(from, location.path);
    await inJail(use.tools, { binds, tools: ["tar", "find"], script: MERGE }, step);
    return;
  }
  const reading = { binds: [{ from, at: "from", writable: false }], tools: ["tar"], script: PACK("/from") };
  const writing = containerSide(use, [`${volume}:/volume`], ["sh", "-c", `${UNPACK("/volume")} && sync`]);
  await pipe(use, await jailSide(use.tools, reading, step), writing, step);
}

/** Replaces the content of one volume by that of another. */
export async function copyVolume(use: VolumeTools, from: string, to: string, step: Step): Promise<void> {
  const source = await locateVolume(use.docker, from, step);
  const goal = await locateVolume(use.docker, to, step);
  if (source.kind === "folder" && goal.kind === "folder") {
    const binds = copying(source.path, goal.path);
    await inJail(use.tools, { binds, tools: ["cp"], script: COPY }, step);
    return;
  }
  await inContainer(use, [`${from}:/from:ro`, `${to}:/to`], ["cp", "-a", "/from/.", "/to/"], step);
}

/** Waits until a volume's content is on disk. */
export async function syncVolume(use: VolumeTools, volume: string, step: Step): Promise<void> {
  const location = await locateVolume(use.docker, volume, step);
  if (location.kind === "container") {
    await inContainer(use, [`${volume}:/volume`], ["sync", "-f", "/volume"], step);
    return;
  }
  const binds = [{ from: location.path, at: "from", writable: false }];
  await inJail(use.tools, { binds, tools: ["sync"], script: "sync -f -- /from" }, step);
}

/**
 * Makes a volume with these labels. Docker silently keeps an existing volume of that name: this throws `ActFailed`
 * (`refused`) for one without these labels, since somebody else made it.
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

function copying(from: string, to: string): [source: Bind, to: Bind] {
  return [
    { from, at: "from", writable: false },
    { from: to, at: "to", writable: true },
  ];
}
