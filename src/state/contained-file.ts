import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { BOUNDS } from "../core/bounds.ts";

/** Reads the text of a file from outside below `folder`, as `readContainedFile` does. */
export function readContainedText(folder: string, path: string, longest = BOUNDS.textBytes): string | null {
  return readContainedFile(folder, path, longest)?.toString("utf8") ?? null;
}

/**
 * Reads a file from outside below `folder`; null if there is none. Throws for a link that leads out of the folder, for
 * a pipe or a device, whose reading might never end, and for more than `longest` bytes.
 */
export function readContainedFile(folder: string, path: string, longest: number): Buffer | null {
  const real = realPathIfAny(join(folder, path));
  if (real === null) return null;
  if (!isBelow(realpathSync.native(folder), real))
    throw new Error(`${path} is a link that leads out of its folder`);
  // Without O_NONBLOCK, opening a pipe without a writer never ends.
  const fd = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Error(`${path} is no regular file`);
    if (stat.size > longest) throw new Error(`${path} is longer than ${longest} bytes`);
    const buffer = Buffer.alloc(stat.size);
    return buffer.subarray(0, readSync(fd, buffer, 0, stat.size, 0));
  } finally {
    closeSync(fd);
  }
}

/** Whether a symbolic link below `folder` leads out of it, even to a missing target. */
export function leadsOut(folder: string, link: string): boolean {
  const path = join(folder, link);
  const goal = readlinkSync(path);
  return !isBelow(
    realpathSync.native(folder),
    realBegin(goal.startsWith("/") ? goal : `${dirname(path)}/${goal}`),
  );
}

// The path stays as written: `a/../b` is not `b` if `a` is a link.
function realBegin(path: string): string {
  for (let begin = path; begin !== ""; begin = begin.slice(0, begin.lastIndexOf("/"))) {
    const real = realPathIfAny(begin);
    if (real !== null) return real;
  }
  return "/";
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

// The non-native variant resolves `..` as text before it follows any link.
function realPathIfAny(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENAMETOOLONG") return null;
    throw error;
  }
}
