import { demandFitting } from "./env-file.ts";

/**
 * The exports of the recipe's `abra.sh`, usually versions of configs. Read line by line, as abra does, and never run:
 * upstream's code would run as root on this machine. Throws `ActFailed` (recipe) for a value that no program could
 * have.
 */
export function readExports(text: string): Record<string, string> {
  const pairs = text
    .split(/\r?\n/)
    .map((line) => EXPORT.exec(line.trimEnd()))
    .flatMap((found) => (found === null ? [] : [[found[1] ?? "", found[2] ?? found[3] ?? found[4] ?? ""]]));
  for (const [name = "", value = ""] of pairs) demandFitting(name, value);
  return Object.fromEntries(pairs);
}

const EXPORT = /^export\s+([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^\s"'#;&|<>()]*))\s*(?:#.*|;)?$/;
