/**
 * What the recipe's `abra.sh` exports: versions of configs, as a rule. Read line by line, as abra does, and never
 * run: what upstream writes there would otherwise run as root on this machine.
 */
export function readExports(text: string): Record<string, string> {
  const pairs = text
    .split(/\r?\n/)
    .map((line) => EXPORT.exec(line.trimEnd()))
    .flatMap((found) => (found === null ? [] : [[found[1] ?? "", found[2] ?? found[3] ?? found[4] ?? ""]]));
  return Object.fromEntries(pairs);
}

const EXPORT = /^export\s+([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^\s"'#;&|<>()]*))\s*(?:#.*|;)?$/;
