/** Takes secrets out of text before it reaches a disk, a terminal or a page. */
export interface Redactor {
  /** From now on this value is replaced wherever it stands. */
  add(value: string): void;
  redact(text: string): string;
}

const MASK = "***";

/** Shorter values would blot out ordinary words; generated secrets are never that short. */
const SHORTEST = 6;

const PATTERNS: readonly [RegExp, string][] = [
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]+@/gi, `$1${MASK}@`],
  [/\b(token|secret|passw(?:or)?d)(["']?\s*[=:]\s*["']?)([^\s"'&,;]+)/gi, `$1$2${MASK}`],
  [/\b(authorization:\s*(?:token|bearer|basic)\s+)\S+/gi, `$1${MASK}`],
];

/** A redactor that knows the patterns of `docs/state.md`, and every value that is added. */
export function createRedactor(): Redactor {
  const values = new Set<string>();
  return {
    add: (value) => {
      for (const form of [value, encodeURIComponent(value)]) if (form.length >= SHORTEST) values.add(form);
    },
    redact: (text) => redactPatterns(redactValues(text, values)),
  };
}

function redactValues(text: string, values: ReadonlySet<string>): string {
  let redacted = text;
  for (const value of values) redacted = redacted.replaceAll(value, MASK);
  return redacted;
}

function redactPatterns(text: string): string {
  return PATTERNS.reduce((redacted, [pattern, mask]) => redacted.replace(pattern, mask), text);
}
