import type { z } from "zod";
import { allowedKeys, nearest } from "./allowed-keys.ts";
import type { Problem } from "./configuration-fault.ts";
import type { KeyPath, YamlFile } from "./yaml-file.ts";

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** The sound parts of a file, so that one fault never hides another. */
export interface Checked<T> {
  /** Null if anything is wrong. */
  value: T | null;
  /** The top-level keys without fault, defaults filled in. */
  sound: Partial<T>;
  /** The known top-level keys at fault; `null`: possibly all. */
  faulty: ReadonlySet<PropertyKey> | null;
  problems: readonly Problem[];
}

/** Checks a file against its schema, which has no unions; every fault is a separate problem. */
export function checkAgainst<T extends object>(
  schema: z.ZodObject & z.ZodType<T>,
  yaml: YamlFile,
): Checked<T> {
  if (yaml.value === undefined) return { value: null, sound: {}, faulty: null, problems: yaml.problems };
  const parsed = schema.safeParse(yaml.value, { error: describeAllowed });
  if (parsed.success && yaml.problems.length === 0)
    return { value: parsed.data, sound: parsed.data, faulty: NONE, problems: [] };
  const issues = parsed.error?.issues ?? [];
  const faulty = new Set(issues.flatMap((issue) => firstKeys(issue, schema)));
  const found = issues.flatMap((issue) => problemsOf(issue, schema, yaml));
  return { value: null, ...soundPart(schema, yaml.value, faulty), problems: [...yaml.problems, ...found] };
}

const NONE: ReadonlySet<PropertyKey> = new Set();

// A misspelt key makes the intended one faulty too: its seeming absence is not a second fault.
function firstKeys(issue: Issue, schema: z.ZodType): PropertyKey[] {
  if (issue.path[0] !== undefined) return [issue.path[0]];
  if (issue.code !== "unrecognized_keys") return [];
  const known = allowedKeys(schema, []);
  return issue.keys.flatMap((key) => [key, nearest(key, known) ?? key]);
}

function soundPart<T extends object>(
  schema: z.ZodObject & z.ZodType<T>,
  value: unknown,
  faulty: ReadonlySet<PropertyKey>,
): Pick<Checked<T>, "sound" | "faulty"> {
  if (typeof value !== "object" || value === null) return { sound: {}, faulty: null };
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !faulty.has(key)));
  const parsed = schema.partial().safeParse(rest);
  if (!parsed.success) return { sound: {}, faulty: null };
  const sound = Object.fromEntries(Object.entries(parsed.data).filter(([key]) => !faulty.has(key)));
  return { sound: sound as Partial<T>, faulty };
}

/** A problem at a key of a file; `found` is the key's value by default. */
export function problemAt(yaml: YamlFile, path: KeyPath, allowed: string, found?: string): Problem {
  const key = path.map(String).join(".");
  return { file: yaml.file, ...yaml.positionOf(path), key, found: found ?? shownAt(yaml, path), allowed };
}

function problemsOf(issue: Issue, schema: z.ZodType, yaml: YamlFile): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = allowedKeys(schema, issue.path);
    return issue.keys.map((key) => unknownKey(yaml, [...issue.path, key], known));
  }
  if (issue.code === "invalid_key") return [invalidKey(issue, yaml)];
  return [problemAt(yaml, issue.path, issue.message)];
}

function unknownKey(yaml: YamlFile, path: KeyPath, known: readonly string[]): Problem {
  const key = String(path.at(-1));
  const meant = nearest(key, known);
  const hint = meant === null ? "" : ` (did you mean ${meant}?)`;
  const found = key.trim() === "" ? shownKey(key) : `the unknown key ${key}${hint}`;
  return problemAt(yaml, path, [...known].sort().join(", "), found);
}

/** A key as shown in a fault: an invisible one gets a name. */
export function shownKey(key: string): string {
  return key.trim() === "" ? "an empty key" : key;
}

function invalidKey(issue: Issue & { code: "invalid_key" }, yaml: YamlFile): Problem {
  const allowed = issue.issues.map((inner) => inner.message).join("; ");
  return problemAt(yaml, issue.path, allowed, `the key ${JSON.stringify(String(issue.path.at(-1)))}`);
}

function describeAllowed(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "too_small":
      return issue.origin === "string" ? "a text that is not empty" : `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys",
  record: "a map of names to texts",
};

function shownAt(yaml: YamlFile, path: KeyPath): string {
  let value: unknown = yaml.value;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return typeof value === "string" && isSecret(path) ? "a text that does not fit" : shown(value);
}

// Webhook addresses carry tokens, and variables may hold anything, but a fault is shown and logged.
function isSecret(path: KeyPath): boolean {
  const names = path.map(String);
  return names.some((name) => ["webhook", "heartbeat", "environment", "env"].includes(name));
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a map";
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
