import { join } from "node:path";
import { CANONICAL_SCHEMA, Canonical } from "../core/canonical.ts";
import { formatBytes } from "../core/duration.ts";
import { exists, listFolder, moveTree, readJson, removeTree } from "../state/files.ts";
import { removeForGood } from "../state/folders.ts";
import type { CanonicalPaths } from "../state/paths.ts";
import { copyTreeToDisk, measureTreeContent, readTreeContent } from "../state/trees/tree-content.ts";

/** The most bytes kept: tests are scripts. */
const MOST_BYTES = 64 * 1024 ** 2;
const MOST_FILES = 5_000;

/** A name that no digest can have. */
const NEW = "new";

/**
 * Keeps the tests of a recipe by their content, on disk before the record that names them: a kill leaves those of the
 * old record as they were. Returns the digest for the record, or why they are not kept.
 */
export function keepTests(paths: CanonicalPaths, tests: string): { digest: string } | { problem: string } {
  const { files, bytes } = measureTreeContent(tests);
  if (files > MOST_FILES || bytes > MOST_BYTES)
    return { problem: `${files} files of ${formatBytes(bytes)} are more than is kept` };
  const { digest } = readTreeContent(tests);
  const folder = folderOf(paths, digest);
  if (exists(folder) && readTreeContent(folder).digest === digest) return { digest };
  removeTree(folder);
  const half = join(paths.keptTests, NEW);
  removeTree(half);
  copyTreeToDisk(tests, half);
  moveTree(half, folder);
  return { digest };
}

/** The folder of the tests that a record names, unchanged, or the reason why there is none. */
export function findKeptTests(
  paths: CanonicalPaths,
  record: Canonical,
): { folder: string } | { problem: string } {
  const { keptTests } = record;
  if (keptTests === undefined)
    return { problem: "the tests of the last green were not kept with its record" };
  const folder = folderOf(paths, keptTests);
  if (!exists(folder)) return { problem: `${folder} is gone` };
  if (readTreeContent(folder).digest !== keptTests) return { problem: `${folder} is not as it was kept` };
  return { folder };
}

/** Removes tests that the record does not name. If the record cannot be read, all stay. */
export function tidyKeptTests(paths: CanonicalPaths): void {
  const reading = readJson(paths.record, Canonical, CANONICAL_SCHEMA);
  if (reading.state === "unreadable") return;
  const named = reading.state === "read" ? reading.value.keptTests : undefined;
  if (named === undefined) {
    if (exists(paths.keptTests)) removeForGood(paths.keptTests);
    return;
  }
  for (const name of listFolder(paths.keptTests))
    if (name !== nameOf(named)) removeForGood(join(paths.keptTests, name));
}

function folderOf(paths: CanonicalPaths, digest: string): string {
  return join(paths.keptTests, nameOf(digest));
}

function nameOf(digest: string): string {
  return digest.replace(/^sha256:/, "");
}
