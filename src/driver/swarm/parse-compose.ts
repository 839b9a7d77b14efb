import { parse } from "yaml";

/** So many values a file may have once its aliases are filled in. */
const MOST_VALUES = 100_000;
const DEEPEST = 100;

/**
 * Parses a compose file as Docker does: YAML 1.1 with merge keys, where a key `n:` is false. Throws for what Docker
 * and we might read differently, since it would be deployed unseen, and for what only exhausts its reader.
 */
export function parseCompose(text: string): unknown {
  const value: unknown = parse(text, {
    version: "1.1",
    merge: true,
    maxAliasCount: 1000,
    prettyErrors: false,
    logLevel: "error",
  });
  measure(value, new Map(), 0);
  return value;
}

/** Counts the values in a value; what stands behind an alias is looked at once and counted each time. */
function measure(value: unknown, known: Map<object, number>, depth: number): number {
  if (value === null || typeof value !== "object" || value instanceof Date) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
    throw new Error("a `!!` tag gives it a type that compose files do not have");
  if (depth > DEEPEST) throw new Error(`more than ${DEEPEST} levels`);
  known.set(value, Number.POSITIVE_INFINITY);
  let size = 1;
  for (const [key, item] of Object.entries(value)) {
    if (key === "__proto__" || key === "<<") throw new Error(`\`${key}\` is no name in a compose file`);
    size += measure(item, known, depth + 1);
  }
  if (size > MOST_VALUES) throw new Error(`more than ${MOST_VALUES} values once its aliases are filled in`);
  known.set(value, size);
  return size;
}
