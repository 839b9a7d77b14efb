/** Takes secrets out of text before it reaches a disk, a terminal or a page. */
export interface Redactor {
  /** From now on this value is replaced wherever it stands. */
  add(value: string): void;
  redact(text: string): string;
}

const MASK = "***";

/** Shorter values would blot out ordinary words; generated secrets are never that short. */
const SHORTEST = 6;

/** A name that ends as those of secrets do, and what stands before its value. */
const NAME = String.raw`(?:token|secret|passw(?:or)?d)\\*["']?\s*[=:][^\S\n]*`;
/** Repeated without a bound, a group with a choice in it exhausts the stack on a line of some megabytes. */
const OFTEN = "{0,100000}";
/** Up to the next blank or quote; a backslash belongs to what follows it, so that no line of JSON is broken. */
const WORD = String.raw`(?=[^\s"'\\]|\\[^"'\s])[^\s"'\\]*(?:\\[^"'\s][^\s"'\\]*)${OFTEN}`;
/** A value in quotes that are escaped once more, in quotes, or up to the next blank. */
const VALUE = [
  String.raw`\\+(?<escaped>["'])[^"'\\\n]*(?:\\+[^"'\\][^"'\\\n]*)${OFTEN}(?:\\+\k<escaped>)?`,
  String.raw`"[^"\\\n]*(?:\\.[^"\\\n]*)${OFTEN}"?`,
  String.raw`'[^'\n]*'?`,
  WORD,
].join("|");
const NAMED_VALUE = new RegExp(`(?<name>${NAME})(?<value>${VALUE})`, "gi");

const PATTERNS: readonly [RegExp, string][] = [
  [/(?<=[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@:"'\\]*:[^\s/"'\\]+@/gi, `${MASK}@`],
  // A token alone, as forges take it: over ssh the name before the `@` is no secret.
  [/(https?:\/\/)[^\s/@"'\\]+@/gi, `$1${MASK}@`],
  [
    new RegExp(String.raw`\b(authorization["']?\s*[=:]\s*["']?(?:token|bearer|basic)\s+)${WORD}`, "gi"),
    `$1${MASK}`,
  ],
];

/** A redactor that knows the patterns of `docs/state.md`, and every value that is added. */
export function createRedactor(): Redactor {
  const values = new Set<string>();
  return {
    add: (value) => {
      for (const form of formsOf(value)) if (form.length >= SHORTEST) values.add(form);
    },
    redact: (text) => redactPatterns(redactValues(text, values)),
  };
}

// As it is, in an address, in JSON, and each of its lines: a log is read line by line.
function formsOf(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed());
  return [value, encoded, JSON.stringify(value).slice(1, -1), ...value.split(/\r?\n/)];
}

// The longest first: of a value that begins with another one nothing may be left.
function redactValues(text: string, values: ReadonlySet<string>): string {
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((redacted, value) => redacted.replaceAll(value, MASK), text);
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

/** The same value with every text in it redacted; names of fields stay. For what is written as JSON. */
export function redactTexts(value: unknown, redactor: Redactor): unknown {
  if (typeof value === "string") return redactor.redact(value);
  if (Array.isArray(value)) return value.map((entry) => redactTexts(entry, redactor));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, redactTexts(entry, redactor)]),
  );
}
