import { maskLabel, maskOutcome } from "../label/mask.ts";
import { createFinder, type Found } from "./value-finder.ts";

/** Takes secrets out of text before it reaches a disk, a terminal or a page. */
export interface Redactor {
  /** From now on this value is replaced everywhere. */
  add(value: string): void;
  redact(text: string): string;
}

const MASK = "***";

/**
 * Characters from which a value is replaced anywhere; a shorter one only as a whole word: inside words it would blot
 * out half a log. Generated secrets are never that short.
 */
const SHORTEST_ANYWHERE = 6;
/** A value still shorter is not a secret: it can be guessed at once. */
const SHORTEST = 3;
/** Values of switches, even in variables with secret-sounding names. */
const SWITCHES: ReadonlySet<string> = new Set(["true", "false", "null", "none", "yes", "off"]);

/** The end of a secret-sounding name, up to its value. */
const NAME = String.raw`(?:token|secret|passw(?:or)?d)\\*["']?\s*[=:][^\S\n]*`;
/** Without a bound, repeating a group with alternatives exhausts the stack on a line of some megabytes. */
const OFTEN = "{0,100000}";
/** Up to the next blank or quote; a backslash stays with the next character, so that JSON lines stay valid. */
const WORD = String.raw`(?=[^\s"'\\]|\\[^"'\s])[^\s"'\\]*(?:\\[^"'\s][^\s"'\\]*)${OFTEN}`;
/** A value in escaped quotes, in quotes, or up to the next blank. */
const VALUE = [
  String.raw`\\+(?<escaped>["'])[^"'\\\n]*(?:\\+[^"'\\][^"'\\\n]*)${OFTEN}(?:\\+\k<escaped>)?`,
  String.raw`"[^"\\\n]*(?:\\.[^"\\\n]*)${OFTEN}"?`,
  String.raw`'[^'\n]*'?`,
  WORD,
].join("|");
const NAMED_VALUE = new RegExp(`(?<name>${NAME})(?<value>${VALUE})`, "gi");

const PATTERNS: readonly [RegExp, string][] = [
  [/(?<=[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@:"'\\]*:[^\s/"'\\]+@/gi, `${MASK}@`],
  // A bare token, as forges accept it: for ssh the name before the `@` is not a secret.
  [/(https?:\/\/)[^\s/@"'\\]+@/gi, `$1${MASK}@`],
  [
    new RegExp(String.raw`\b(authorization["']?\s*[=:]\s*["']?(?:token|bearer|basic)\s+)${WORD}`, "gi"),
    `$1${MASK}`,
  ],
];

/** A redactor that knows the patterns of `docs/state.md` and all added values. */
export function createRedactor(): Redactor {
  const values = new Set<string>();
  let find: ((text: string) => Found[]) | null = null;
  return {
    add: (value) => {
      const before = values.size;
      for (const form of formsOf(value)) values.add(form);
      if (values.size !== before) find = null;
    },
    redact: (text) => {
      find ??= createFinder(values, isSecretThere);
      return redactPatterns(masked(text, find(text)));
    },
  };
}

// The value as it is, as in an address, as in JSON, and each of its lines, since logs are read by line.
function formsOf(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  const lines = value.split(/\r?\n/).filter((line) => line.length >= SHORTEST_ANYWHERE);
  const forms = [value, encoded, JSON.stringify(value).slice(1, -1), ...lines];
  return forms.filter((form) => form.length >= SHORTEST && !SWITCHES.has(form.toLowerCase()));
}

function isSecretThere(text: string, { begin, end }: Found): boolean {
  if (end - begin >= SHORTEST_ANYWHERE) return true;
  const value = text.slice(begin, end);
  const [before, after] = [text.slice(Math.max(0, begin - 2), begin), text.slice(end, end + 2)];
  if (/^\w/.test(value) && /\w$/.test(before)) return false;
  if (/\w$/.test(value) && /^\w/.test(after)) return false;
  // A part of a date, a time or a version is not a number by itself.
  return !/^\d+$/.test(value) || (!/\d[-:.]$/.test(before) && !/^[-:.]\d/.test(after));
}

function masked(text: string, places: readonly Found[]): string {
  let from = 0;
  const parts = places.map(({ begin, end }) => {
    const part = `${text.slice(from, begin)}${MASK}`;
    from = end;
    return part;
  });
  return `${parts.join("")}${text.slice(from)}`;
}

function redactPatterns(text: string): string {
  const redacted = PATTERNS.reduce((before, [pattern, mask]) => before.replace(pattern, mask), text);
  return redacted.replace(NAMED_VALUE, (...found) => {
    const { name, value } = found.at(-1) as { name: string; value: string };
    return `${name}${maskOf(value)}`;
  });
}

// The quotes stay, so that a line of JSON stays one.
function maskOf(value: string): string {
  const begin = /^\\*["']/.exec(value)?.[0] ?? "";
  return `${begin}${MASK}${value.length > begin.length && value.endsWith(begin) ? begin : ""}`;
}

/**
 * Fields with this program's own words, or with names published by upstream: a secret equal to such a word must not
 * change them.
 */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...["schema", "kind", "trigger", "event", "tier", "status", "because", "result", "sentinel"],
  ...["run", "ts", "startedAt", "endedAt", "at", "recipe", "version", "commit", "tagObject"],
]);

/** The same value, for JSON, with all texts redacted except field names and fields of this program's own. */
export function redactTexts(value: unknown, redactor: Redactor): unknown {
  if (typeof value === "string") return redactor.redact(value);
  if (Array.isArray(value)) return value.map((entry) => redactTexts(entry, redactor));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, redactField(name, entry, value, redactor)]),
  );
}

function redactField(
  name: string,
  value: unknown,
  beside: { outcome?: unknown },
  redactor: Redactor,
): unknown {
  if (name === "outcome") return maskOutcome(value, redactor.redact) ?? redactTexts(value, redactor);
  if (typeof value !== "string") return redactTexts(value, redactor);
  if (OWN_FIELDS.has(name)) return value;
  return name === "label" ? maskLabel(value, beside.outcome, redactor.redact) : redactor.redact(value);
}
