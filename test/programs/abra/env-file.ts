import { existsSync, readFileSync } from "node:fs";

export interface Variable {
  value: string;
  /** What stands in the comment of the line: `length=64 charset=hex`. */
  modifiers: Record<string, string>;
}

/** Reads an env file: quotes, comments, and values that refer to others. */
export function readEnvFile(path: string): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match === null) continue;
    const { raw, comment } = splitComment(match[2] ?? "");
    variables.set(match[1] ?? "", { value: unquote(raw, variables), modifiers: readModifiers(comment) });
  }
  return variables;
}

/** The exports of `abra.sh`, read and not executed; empty where the file is missing. */
export function readExports(path: string): Map<string, string> {
  const exports = new Map<string, string>();
  if (!existsSync(path)) return exports;
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const match = /^export\s+([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match !== null) exports.set(match[1] ?? "", (match[2] ?? "").trim().replace(/^(["'])(.*)\1$/, "$2"));
  }
  return exports;
}

/** Fills in `$NAME`, `${NAME}` and `${NAME:-default}`. */
export function interpolate(text: string, values: (name: string) => string | undefined): string {
  return text.replace(
    /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))/g,
    (_, braced: string | undefined, fallback: string | undefined, bare: string | undefined) =>
      values(braced ?? bare ?? "") ?? fallback ?? "",
  );
}

function splitComment(text: string): { raw: string; comment: string } {
  const quoted = /^(\s*(?:'[^']*'|"(?:[^"\\]|\\.)*"))\s*(?:#(.*))?$/.exec(text);
  if (quoted !== null) return { raw: quoted[1] ?? "", comment: quoted[2] ?? "" };
  const hash = text.search(/\s#/);
  return hash < 0 ? { raw: text, comment: "" } : { raw: text.slice(0, hash), comment: text.slice(hash + 2) };
}

function unquote(raw: string, known: Map<string, Variable>): string {
  const text = raw.trim();
  const expand = (value: string) => interpolate(value, (name) => known.get(name)?.value);
  if (/^'.*'$/.test(text)) return text.slice(1, -1);
  if (!/^".*"$/.test(text)) return expand(text);
  const inner = text.slice(1, -1).replaceAll("\\n", "\n");
  return inner
    .split(/(\\.)/)
    .map((part) => (/^\\.$/.test(part) ? part.slice(1) : expand(part)))
    .join("");
}

function readModifiers(comment: string): Record<string, string> {
  return Object.fromEntries(
    [...comment.matchAll(/([a-z]+)=(\S+)/g)].map(([, name, value]) => [name ?? "", value ?? ""]),
  );
}
