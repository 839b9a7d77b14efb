import {
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export interface CopyOptions {
  /** Whether to leave out a folder (relative to the copied one) with its content. */
  leaveOut(folder: string): boolean;
}

/** Deviations of a copy from the original. */
export interface CopyResult {
  files: number;
  /** Links that lead out of the folder, relative to it: the copy has a link to the same place. */
  outside: string[];
}

/**
 * Copies a folder with the modes of its files into one that does not exist yet. Links are never followed: one that
 * stays inside leads to the same place in the copy, one that leads out leads where it led before. Sockets and devices
 * are left out. Throws for anything unreadable.
 */
export function copyFolder(from: string, to: string, options: CopyOptions): CopyResult {
  const result: CopyResult = { files: 0, outside: [] };
  const root = realpathSync(from);
  copyInto(root, root, to, options, result);
  return result;
}

function copyInto(root: string, from: string, to: string, options: CopyOptions, result: CopyResult): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isSymbolicLink()) copyLink(root, source, target, result);
    else if (entry.isDirectory()) {
      if (!options.leaveOut(relative(root, source))) copyInto(root, source, target, options, result);
    } else if (entry.isFile()) {
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      result.files += 1;
    }
  }
  // A folder that its owner cannot write to could not be filled, nor removed with an old run.
  chmodSync(to, statSync(from).mode | 0o700);
}

function copyLink(root: string, source: string, target: string, result: CopyResult): void {
  const goal = realGoal(source);
  const isInside = goal === root || goal.startsWith(`${root}/`);
  if (!isInside) result.outside.push(relative(root, source));
  symlinkSync(isInside ? relative(dirname(source), goal) || "." : goal, target);
}

// A dangling link keeps its target, made absolute so that it dangles from the copy too.
function realGoal(link: string): string {
  try {
    return realpathSync(link);
  } catch {
    return resolve(dirname(link), readlinkSync(link));
  }
}
