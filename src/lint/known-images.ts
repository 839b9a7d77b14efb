import { fill } from "../compose/fill.ts";
import { ActFailed } from "../docker/failure.ts";
import { readExports } from "../driver/recipe-files/abra-sh.ts";
import { expandEntries, parseEnvFile } from "../driver/recipe-files/env-file.ts";
import { linesOf } from "./facts.ts";

/** For an image with more combinations of its variables, only this many are known. */
const MOST_COMBINATIONS = 200;

/** Whether a file may name an image of a release. */
export function mayNameImages(path: string): boolean {
  return /(^|\/)(compose[\w.-]*\.ya?ml|docker-compose[\w.-]*\.ya?ml|abra\.sh|\.env\.sample)$/.test(path);
}

/** Every image that one of these files names. Variables are combined freely: each takes all its past values. */
export function knownImages(files: readonly { path: string; text: string }[]): Set<string> {
  const values = new Map<string, Set<string>>();
  for (const { path, text } of files)
    for (const [name, value] of Object.entries(variablesIn(path, text)))
      values.set(name, (values.get(name) ?? new Set()).add(value));
  const written = files.filter(({ path }) => /\.ya?ml$/.test(path)).flatMap(({ text }) => imagesIn(text));
  return new Set([...new Set(written)].flatMap((image) => combinations(image, values)));
}

function variablesIn(path: string, text: string): Record<string, string> {
  try {
    if (path.endsWith("abra.sh")) return readExports(text);
    return path.endsWith(".env.sample") ? expandEntries(parseEnvFile(text), {}) : {};
  } catch (error) {
    // An older release whose variables exceed a bound contributes no image by them.
    if (error instanceof ActFailed) return {};
    throw error;
  }
}

function imagesIn(text: string): string[] {
  return linesOf(text).flatMap(({ text: line }) => {
    const image = /\bimage["']?\s*:\s*["']?([^\s"'#]+)/.exec(line)?.[1];
    return image === undefined ? [] : [image];
  });
}

function combinations(image: string, values: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const names = [...image.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
  let variants: Record<string, string>[] = [{}];
  for (const name of new Set(names))
    variants = variants
      .flatMap((variant) => [
        variant,
        ...[...(values.get(name) ?? [])].map((value) => ({ ...variant, [name]: value })),
      ])
      .slice(0, MOST_COMBINATIONS);
  return variants.flatMap((variant) => {
    const filled = fill(image, (name) => variant[name]);
    return "text" in filled ? [filled.text] : [];
  });
}
