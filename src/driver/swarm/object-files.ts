import { join } from "node:path";
import { BOUNDS } from "../../compose/bounds.ts";
import type { Compose } from "../../compose/compose.ts";
import { recipeFailure } from "../../docker/failure.ts";
import { messageOf } from "../../fault.ts";
import { readContainedFile } from "../../state/contained-file.ts";
import { writeWhole } from "../../state/files.ts";
import { emptyFolder } from "../../state/trees/tree.ts";

/**
 * Copies the files for configs and secrets into a folder of the run, under our own names, and returns their paths by
 * `configs.KEY` and `secrets.KEY`. Files of the host are included: their permission was judged before. Throws
 * `ActFailed` (recipe) for a link that leads out of the checkout, and for anything that is not a file or is too long.
 */
export function copyObjectFiles(compose: Compose, checkout: string, folder: string): Record<string, string> {
  emptyFolder(folder);
  const files = (["configs", "secrets"] as const).flatMap((section) =>
    Object.entries(compose[section]).flatMap(([key, { file }]) =>
      typeof file === "string" ? [{ name: `${section}.${key}`, file }] : [],
    ),
  );
  return Object.fromEntries(
    files.map(({ name, file }, index) => {
      const copy = join(folder, String(index));
      writeWhole(copy, read(checkout, file), 0o600);
      return [name, copy];
    }),
  );
}

function read(checkout: string, file: string): Buffer {
  try {
    const [folder, path] = file.startsWith("/") ? ["/", file.slice(1)] : [checkout, file];
    const bytes = readContainedFile(folder, path, BOUNDS.objectBytes);
    if (bytes === null) throw new Error(`open ${file}: no such file or directory`);
    return bytes;
  } catch (error) {
    throw recipeFailure(messageOf(error));
  }
}
