import { BOUNDS, pastBound } from "../../core/bounds.ts";
import { recipeFailure } from "../../docker/failure.ts";

/** One line of an `.env`, as abra reads it: docker's env-file grammar, with modifiers in the comment. */
export interface EnvEntry {
  name: string;
  /** As written, with quotes and references. */
  raw: string;
  /** From `# length=64 charset=hex`: how to generate a secret. */
  modifiers: Readonly<Record<string, string>>;
}

/**
 * The variables of an `.env` file in order, without comments, empty lines and lines that are not assignments. A
 * variable set again with a reference to itself, as in `COMPOSE_FILE="$COMPOSE_FILE:compose.db.yml"`, gets its earlier
 * value written out: callers that keep one entry per name would lose it. Throws `ActFailed` (recipe) past a bound.
 */
export function parseEnvFile(text: string): EnvEntry[] {
  demandAtMost("the `.env`", Buffer.byteLength(text), BOUNDS.envFileBytes, "bytes");
  const known = new Map<string, string>();
  const entries = text
    .split(/\r?\n/)
    .map((line) => parseLine(line))
    .filter((entry): entry is EnvEntry => entry !== null);
  demandAtMost("the `.env`", entries.length, BOUNDS.variables, "variables");
  return entries.map((entry) => {
    const raw = withOwnValue(entry, known.get(entry.name));
    known.set(entry.name, raw);
    return { ...entry, raw };
  });
}

/** An `.env` file with these entries; `parseEnvFile` returns them again. */
export function formatEnvFile(entries: readonly EnvEntry[]): string {
  return entries.map((entry) => `${formatEntry(entry)}\n`).join("");
}

/**
 * The values of the entries: quotes removed, references to earlier variables and to `given` filled in. Throws
 * `ActFailed` (recipe) before a value grows past its bound: lines that double would fill any memory.
 */
export function expandEntries(
  entries: readonly EnvEntry[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const values = new Map(Object.entries(given));
  let bytes = 0;
  for (const { name, raw } of entries) {
    if (Object.hasOwn(given, name)) continue;
    const value = valueFrom(name, raw, values);
    demandFitting(name, value);
    bytes += name.length + Buffer.byteLength(value);
    demandAtMost("the `.env`, filled in,", bytes, BOUNDS.variablesBytes, "bytes");
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

/** A value in the form for an `.env` file that reads back unchanged. */
export function quoteValue(value: string): string {
  if (/^[A-Za-z0-9_.,:/@%+=-]*$/.test(value)) return value;
  const escaped = value
    .replace(/["\\$]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
  return `"${escaped}"`;
}

/** `newer` overrides `older`: an entry of the same name is replaced in place, others are appended. */
export function overlayEntries(older: readonly EnvEntry[], newer: readonly EnvEntry[]): EnvEntry[] {
  const merged = new Map(older.map((entry) => [entry.name, entry]));
  for (const entry of newer) {
    const before = merged.get(entry.name);
    const modifiers = { ...before?.modifiers, ...entry.modifiers };
    merged.set(entry.name, { ...entry, modifiers });
  }
  return [...merged.values()];
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/s;
const QUOTED = /^(?:"(?:[^"\\]|\\.)*"|'[^']*')/s;

function parseLine(line: string): EnvEntry | null {
  const [, name, rest] = ASSIGNMENT.exec(line) ?? [];
  if (name === undefined || rest === undefined) return null;
  const { raw, comment } = splitComment(rest);
  return { name, raw, modifiers: parseModifiers(comment) };
}

// Not one expression for both, which would try every blank of a long line as the last one.
function splitComment(rest: string): { raw: string; comment: string } {
  const quoted = QUOTED.exec(rest)?.[0];
  const after = rest.slice(quoted?.length ?? 0);
  if (quoted !== undefined && after.trim() === "") return { raw: quoted, comment: "" };
  if (quoted !== undefined && /^\s+#/.test(after))
    return { raw: quoted, comment: after.slice(after.indexOf("#") + 1) };
  const begin = rest.search(/(?<=^|\s)#/);
  if (begin < 0) return { raw: rest.trim(), comment: "" };
  return { raw: rest.slice(0, begin).trim(), comment: rest.slice(begin + 1) };
}

function withOwnValue({ name, raw }: EnvEntry, before: string | undefined): string {
  const value = before?.replace(/^(["'])(.*)\1$/s, "$2");
  // Within these quotes, a value with special characters could mean something else.
  if (value === undefined || raw.startsWith("'") || !/^[\w.,:/@%+=-]*$/.test(value)) return raw;
  return replaceWithin(
    name,
    raw,
    new RegExp(`(?<!\\\\)\\$(?:\\{${name}\\}|${name}(?!\\w))`, "g"),
    () => value,
  );
}

function parseModifiers(comment: string): Record<string, string> {
  const pairs = comment.split(/\s+/).map((word) => /^([a-z]+)=([^\s"']+)$/i.exec(word));
  return Object.fromEntries(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1], pair[2]]])));
}

function formatEntry({ name, raw, modifiers }: EnvEntry): string {
  const comment = Object.entries(modifiers).map(([key, value]) => `${key}=${value}`);
  return `${name}=${raw}${comment.length === 0 ? "" : ` # ${comment.join(" ")}`}`;
}

function valueFrom(name: string, raw: string, values: ReadonlyMap<string, string>): string {
  if (raw.startsWith("'") && raw.endsWith("'") && raw.length > 1) return raw.slice(1, -1);
  const quoted = raw.startsWith('"') && raw.endsWith('"') && raw.length > 1;
  return expand(name, quoted ? raw.slice(1, -1) : raw, values, quoted);
}

function expand(name: string, text: string, values: ReadonlyMap<string, string>, escapes: boolean): string {
  const pattern = /\\(.)|\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g;
  return replaceWithin(name, text, pattern, ([whole, escaped, braced, bare]) => {
    if (escaped !== undefined) return escapes || escaped === "$" ? letterOf(escaped) : whole;
    return values.get(braced ?? bare ?? "") ?? "";
  });
}

/** Replaces every match while the variable's value stays within its bound. */
function replaceWithin(
  name: string,
  text: string,
  pattern: RegExp,
  replacement: (found: RegExpExecArray) => string,
): string {
  const parts: string[] = [];
  let [end, bytes] = [0, 0];
  const add = (part: string) => {
    bytes += Buffer.byteLength(part);
    demandAtMost(`the variable ${name}`, bytes, BOUNDS.variableBytes, "bytes");
    parts.push(part);
  };
  for (const found of text.matchAll(pattern)) {
    add(text.slice(end, found.index));
    add(replacement(found));
    end = found.index + found[0].length;
  }
  add(text.slice(end));
  return parts.join("");
}

/** Throws `ActFailed` (recipe) for a value with which no program could start. */
export function demandFitting(name: string, value: string): void {
  if (value.includes("\0"))
    throw recipeFailure(`the variable ${name} has a NUL; no program could be given that`);
  demandAtMost(`the variable ${name}`, Buffer.byteLength(value), BOUNDS.variableBytes, "bytes");
}

function demandAtMost(what: string, found: number, most: number, unit: string): void {
  if (found > most) throw recipeFailure(pastBound(`${what} has`, found, most, unit));
}

function letterOf(letter: string): string {
  return (
    new Map([
      ["n", "\n"],
      ["r", "\r"],
      ["t", "\t"],
    ]).get(letter) ?? letter
  );
}
