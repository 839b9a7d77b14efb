import { type Document, isAlias, isMap, isScalar, isSeq } from "yaml";
import { offsetOf, type PlacedYaml, type Position, parsePlaced } from "../compose/yaml-places.ts";
import { messageOf } from "../fault.ts";
import type { Problem } from "./configuration-fault.ts";

/** At most this many uses of anchors in a file: more are a trap for the reader. */
const MOST_ALIASES = 50;

/** Characters; a parser needs a thousand times as much memory. */
const LONGEST = 1024 * 1024;
/** A parser recurses once per level, until its stack is full. */
const DEEPEST = 200;

const INDENTS = new RegExp(`^ {${2 * DEEPEST},}\\S|^ *(?:[-?] +){${DEEPEST},}`, "m");

/** A YAML file of the configuration. */
export interface YamlFile {
  /** Relative to the configuration folder. */
  file: string;
  /** `undefined` if the YAML itself is faulty; an empty file is an empty map. */
  value: unknown;
  /** Faults of the YAML itself; with only duplicate keys there is still a value. */
  problems: readonly Problem[];
  /** The position of a key; for a missing key, that of the map that should contain it. */
  positionOf(path: KeyPath): Position;
}

export type KeyPath = readonly PropertyKey[];

const OPTIONS = { stringKeys: true, logLevel: "silent" } as const;

/** Parses one YAML file; faults of syntax, duplicate keys and alias bombs are returned as values. */
export function parseYamlFile(file: string, text: string): YamlFile {
  const result = (value: unknown, problems: readonly Problem[]): YamlFile => ({
    ...{ file, value, problems },
    positionOf: createPositions(text),
  });
  const atStart = { file, line: 1, column: 1, key: "" };
  const trap = trapIn(text);
  if (trap !== null) return result(undefined, [{ ...atStart, ...trap }]);
  const placed = parsePlaced(text, OPTIONS);
  const { errors, warnings } = placed.document;
  const problems = syntaxProblems(file, text, placed);
  if ([...errors, ...warnings].some(({ code }) => code !== "DUPLICATE_KEY"))
    return result(undefined, problems);
  try {
    return result(placed.document.toJS({ maxAliasCount: MOST_ALIASES }) ?? {}, problems);
  } catch (error) {
    const allowed = `at most ${MOST_ALIASES} uses of anchors, each anchor before its use`;
    return result(undefined, [{ ...atStart, found: messageOf(error), allowed }]);
  }
}

// A document takes far more memory than its text: it is kept only from the first fault on.
function createPositions(text: string): YamlFile["positionOf"] {
  let placed: PlacedYaml | null = null;
  return (path) => {
    placed ??= parsePlaced(text, OPTIONS);
    return placed.positionAt(offsetAt(placed.document, path));
  };
}

/** A text that would exhaust the parser before it could complain. Levels are those of brackets, dashes or indents. */
function trapIn(text: string): Pick<Problem, "found" | "allowed"> | null {
  if (text.length > LONGEST) return { found: `${text.length} characters`, allowed: `at most ${LONGEST}` };
  const allowed = `at most ${DEEPEST} levels`;
  let brackets = 0;
  for (const [found] of text.matchAll(/[[\]{}]/g)) {
    brackets = Math.max(0, brackets + (found === "[" || found === "{" ? 1 : -1));
    if (brackets > DEEPEST) return { found: "brackets in brackets without end", allowed };
  }
  return INDENTS.test(text) ? { found: "levels without end", allowed } : null;
}

// One per line: further text on the line of a syntax fault is rarely another one.
function syntaxProblems(file: string, text: string, { document, positionAt }: PlacedYaml): Problem[] {
  const problems = new Map<number, Problem>();
  for (const error of [...document.errors, ...document.warnings]) {
    const { line, column } = positionAt(error.pos[0]);
    if (problems.has(line)) continue;
    const at = { file, line, column };
    if (error.code === "DUPLICATE_KEY")
      problems.set(line, {
        ...at,
        key: keyAt(text, error.pos[0]),
        found: "the same key again",
        allowed: "each key once",
      });
    else problems.set(line, { ...at, key: "", found: error.message, allowed: allowedSyntax(text, line) });
  }
  return [...problems.values()];
}

function allowedSyntax(text: string, line: number): string {
  const isTemplate = /\{(recipe|domain)\}/.exec(text.split("\n")[line - 1] ?? "");
  return isTemplate === null ? "YAML 1.2" : `YAML 1.2; put a text with ${isTemplate[0]} in quotes`;
}

function keyAt(text: string, offset: number): string {
  return /^["']?([^\s:"']*)/.exec(text.slice(offset))?.[1] ?? "";
}

function offsetAt(document: Document.Parsed, path: KeyPath): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  for (const key of path) {
    const step = stepInto(document, node, key);
    if (step === null) return offset;
    offset = step.offset ?? offset;
    node = step.value;
  }
  return offset;
}

function stepInto(
  document: Document.Parsed,
  node: unknown,
  key: PropertyKey,
): { offset: number | null; value: unknown } | null {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(target)) {
    const value = target.items[Number(key)];
    return value === undefined ? null : { offset: offsetOf(value), value };
  }
  if (!isMap(target)) return null;
  const pair = target.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
  return pair === undefined ? null : { offset: offsetOf(pair.key), value: pair.value };
}
