import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** The client beside the engine: another one on the path may be of another version. */
export const DOCKER = "/usr/bin/docker";

const REPOSITORY = "localhost:5000/canonical-sweep-test";

/**
 * The name of an image with nothing but busybox in it (2 MB), made on first use. It was never pushed, so that
 * it runs without any registry. `version` gives the same content another tag: what an upgrade changes.
 */
export function busyboxImage(version = "1"): string {
  const image = `${REPOSITORY}/busybox:${version}`;
  if (!imageExists(image)) importImage(image, fillWithBusybox);
  return image;
}

/** An image with GNU cp, tar and du: what the snapshot helper needs. */
export function helperImage(): string {
  const image = `${REPOSITORY}/helper:1`;
  const programs = ["sh", "cp", "tar", "du", "sync", "rm"].map((name) => `/bin/${name}`);
  if (!imageExists(image)) importImage(image, (folder) => fillWithPrograms(folder, programs));
  return image;
}

/** An image with busybox and perl, which can call the kernel by the number of what is called. */
export function perlImage(): string {
  const image = `${REPOSITORY}/perl:1`;
  const fill = (folder: string) => {
    fillWithBusybox(folder);
    fillWithPrograms(folder, ["/usr/bin/perl"]);
  };
  if (!imageExists(image)) importImage(image, fill);
  return image;
}

export function imageExists(image: string): boolean {
  return spawnSync(DOCKER, ["image", "inspect", image], { stdio: "ignore" }).status === 0;
}

function importImage(image: string, fill: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  try {
    for (const name of ["bin", "tmp", "etc", "www", "data"]) mkdirSync(join(folder, name));
    fill(folder);
    const archive = execFileSync("/bin/tar", ["-C", folder, "-c", "."], { maxBuffer: 1 << 30 });
    execFileSync(DOCKER, ["import", "-", image], { input: archive });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fillWithBusybox(folder: string): void {
  copyFileSync("/bin/busybox", join(folder, "bin", "busybox"));
  const applets = execFileSync("/bin/busybox", ["--list"], { encoding: "utf8" }).trim().split("\n");
  for (const applet of applets)
    if (applet !== "busybox") symlinkSync("busybox", join(folder, "bin", basename(applet)));
}

function fillWithPrograms(folder: string, programs: readonly string[]): void {
  for (const program of programs) {
    copyInto(folder, program);
    const needed = execFileSync("/usr/bin/ldd", [program], { encoding: "utf8" });
    for (const [library] of needed.matchAll(/\/\S+/g)) copyInto(folder, library);
  }
}

function copyInto(folder: string, path: string): void {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(path, target);
}
