import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { unmount } from "../../support/mounts.ts";

/**
 * A disk of its own below a folder: an ext4 in a file, on a loop device. Whatever the file has not got when it is
 * copied was not yet on the disk, which is what a loss of power takes. ext4 is told neither to write by itself
 * (`commit`) nor to mend a missing fsync before a rename (`noauto_da_alloc`).
 */
export interface Disk {
  image: string;
  /** Where the disk as it was at the moment of the loss is copied to. */
  copy: string;
  /** Goes on with the disk as it was when `copy` was made. */
  goOnWithCopy(): void;
  /** All is written, and kept as it is now. */
  keep(): void;
  setBack(): void;
  remove(): void;
}

const OPTIONS = "loop,commit=300,data=writeback,noauto_da_alloc";

/** Why there can be no loss of power here; null when there can. */
export function disksMissing(): string | null {
  const reason = process.getuid?.() !== 0 ? "only root may mount a disk image" : missingDevice();
  if (reason !== null && process.env.CI === "true") throw new Error(`in CI nothing is skipped: ${reason}`);
  return reason;
}

/** Puts a fresh disk at `folder`; its image and the copies stand in `place`. */
export function putDisk(folder: string, place: string): Disk {
  const [image, kept, copy] = [join(place, "disk"), join(place, "disk-kept"), join(place, "disk-copy")];
  mkdirSync(folder, { recursive: true });
  run("truncate", "--size=32M", image);
  run("mkfs.ext4", "-q", "-F", "-J", "size=4", "-N", "8192", image);
  const mount = () => run("mount", "-o", OPTIONS, image, folder);
  mount();
  rmSync(`${folder}/lost+found`, { recursive: true });
  // The image always becomes another file: the kernel may still have pages of the one that it was.
  const exchange = (replace: () => void) => {
    unmount(folder);
    replace();
    mount();
  };
  return {
    image,
    copy,
    goOnWithCopy: () => exchange(() => renameSync(copy, image)),
    keep: () => exchange(() => copyFileSync(image, kept)),
    setBack: () =>
      exchange(() => {
        copyFileSync(kept, copy);
        renameSync(copy, image);
      }),
    remove: () => unmount(folder),
  };
}

function missingDevice(): string | null {
  return existsSync("/dev/loop-control") ? null : "there are no loop devices";
}

function run(file: string, ...args: string[]): void {
  execFileSync(file, args, { stdio: ["ignore", "ignore", "pipe"] });
}
