import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { IS_ROOT } from "./prepared.ts";

/** Why no file system can be mounted here; null where one can. In CI that is a failure, not a reason to skip. */
export const NO_MOUNT = IS_ROOT || process.env.CI === "true" ? null : "only root mounts file systems";

/** A small file system of its own over a folder. */
export interface SmallDisk {
  /** Writes until it takes no byte more. */
  fill(): void;
  /** Makes files until it takes no more of them. */
  useUpInodes(): void;
  /** Takes away what filled it. */
  free(): void;
  remount(options: string): void;
  unmount(): void;
}

/** Mounts a tmpfs over a folder; `options` as `mount -o` takes them. */
export function mountSmallDisk(folder: string, options: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  const filler = join(folder, ".filler");
  return {
    fill: () => fillUp(filler),
    useUpInodes: () => {
      mkdirSync(filler, { recursive: true });
      for (let made = readdirSync(filler).length; made < 1_000_000; made++)
        if (!takes(() => writeFileSync(join(filler, `${made}`), ""))) return;
    },
    free: () => rmSync(filler, { recursive: true, force: true }),
    remount: (wanted) => {
      execFileSync("mount", ["-o", `remount,${wanted}`, folder]);
    },
    unmount: () => {
      execFileSync("umount", ["--lazy", folder]);
    },
  };
}

function fillUp(path: string): void {
  const fd = openSync(path, "a");
  for (const size of [65_536, 4096, 1]) while (takes(() => writeSync(fd, Buffer.alloc(size))));
  closeSync(fd);
}

function takes(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") return false;
    throw error;
  }
}
