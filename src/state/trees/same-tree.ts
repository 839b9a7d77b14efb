import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether two files or folders are equal in names, contents, link targets and execute permissions. A missing or
 * unreadable one equals nothing.
 */
export function isSameTree(one: string, other: string): boolean {
  try {
    return isSame(one, other);
  } catch {
    return false;
  }
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [lstatSync(one), lstatSync(other)];
  if (first.isDirectory()) return second.isDirectory() && isSameFolder(one, other);
  if (first.isSymbolicLink()) return second.isSymbolicLink() && readlinkSync(one) === readlinkSync(other);
  if (!first.isFile() || !second.isFile() || first.size !== second.size) return false;
  return (first.mode & 0o111) === (second.mode & 0o111) && readFileSync(one).equals(readFileSync(other));
}

function isSameFolder(one: string, other: string): boolean {
  const names = readdirSync(one).sort();
  const others = readdirSync(other).sort();
  if (names.length !== others.length || names.some((name, place) => name !== others[place])) return false;
  return names.every((name) => isSame(join(one, name), join(other, name)));
}
