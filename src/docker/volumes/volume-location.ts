import type { Asking } from "../../command/step.ts";
import { exists, readTextIfAny } from "../../state/files.ts";
import type { Docker } from "../docker.ts";
import { inspect } from "../inspect.ts";

/** Where a volume's files are: in a folder of this machine, or reachable only through a container. */
export type VolumeLocation = { kind: "folder"; path: string } | { kind: "container" };

/**
 * The folder of a volume, if the daemon runs on this machine and the folder is visible here. A socket may lead to
 * another machine, so the daemon's host name must be ours.
 */
export async function locateVolume(docker: Docker, volume: string, asking: Asking): Promise<VolumeLocation> {
  const [host] = await docker.lines(asking, ["info", "--format", "{{.Name}}"]);
  const [found] = await inspect(docker, "volume", [volume], asking);
  const { Mountpoint: path, Driver: driver } = (found ?? {}) as { Mountpoint?: string; Driver?: string };
  const isHere = host === readTextIfAny("/proc/sys/kernel/hostname")?.trim();
  if (!isHere || driver !== "local" || path === undefined || !exists(path)) return { kind: "container" };
  return { kind: "folder", path };
}
