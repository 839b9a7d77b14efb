import { posix } from "node:path";

/** The one way to write an absolute path of the host: `/a` for `//a/./b/../`. */
export function normalPath(path: string): string {
  return posix.resolve("/", path);
}
