import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { messageOf } from "../fault.ts";
import type { Problem } from "./configuration-fault.ts";

/** At most this many uses of anchors in a file: more are a trap for the reader. */
const MOST_ALIASES = 50;

/** Characters; a parser needs a thousand times as much memory. */
const LONGEST = 1024 * 1024;
/** A parser recurses once per level, until its stack is full. */
const DEEPEST = 200;

const INDENTS = new RegExp(`^ {${2 * DEEPEST},}\\S|^ *(?:[-?] +){${DEEPEST},}`, "m");

/** A YAML file of the configuration; positions of keys are looked up only for faults. */
export interface YamlFile {
  /** Relative to the configuration folder. */
  file: string;
  text: string;
  /** `undefined` if the YAML itself is faulty; an empty file is an empty map. */
  value: unknown;
  /** Faults of the YAML itself; with only duplicate keys there is still a value. */
  problems: readonly Problem[];
}

export type KeyPath = readonly PropertyKey[];

export interface Position {
  line: number;
  column: number;
}

/** Parses one YAML file; faults of syntax, duplicate keys and alias bombs are returned as values. */
export function parseYamlFile(file: string, text: string): YamlFile {
  const trap = trapIn(text);
  if (trap !== null) {
    const problem = { file, line: 1, column: 1, key: "", ...trap };
    return { file, text: "", value: undefined, problems: [problem] };
  }
  const document = parse(text);
  const complaints = [...document.errors, ...document.warnings];
  const problems = complaints.length === 0 ? [] : syntaxProblems(file, text);
  if (complaints.some(({ code }) => code !== "DUPLICATE_KEY"))
    return { file, text, value: undefined, problems };
  try {
    return { file, text, value: document.toJS({ maxAliasCount: MOST_ALIASES }) ?? {}, problems };
  } catch (error) {
    const found = messageOf(error);
    const allowed = `at most ${MOST_ALIASES} uses of anchors, each anchor before its use`;
    return {
      file,
      text,
      value: undefined,
      problems: [{ file, line: 1, column: 1, key: "", found, allowed }],
    };
  }
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

/** The position of a key; for a missing key, that of the map that should contain it. */
export function positionOf(yaml: YamlFile, path: KeyPath): Position {
  const { counter, document } = parsedWithLines(yaml);
  const { line, col } = counter.linePos(offsetOf(document, path));
  return { line, column: col };
}

interface WithLines {
  document: Document.Parsed;
  counter: LineCounter;
}

// A file with a thousand faults is parsed again once, not a thousand times.
const READ_AGAIN = new WeakMap<YamlFile, WithLines>();

function parsedWithLines(yaml: YamlFile): WithLines {
  const known = READ_AGAIN.get(yaml);
  if (known !== undefined) return known;
  const counter = new LineCounter();
  const read = { counter, document: parse(yaml.text, counter) };
  READ_AGAIN.set(yaml, read);
  return read;
}

function parse(text: string, lineCounter?: LineCounter): Document.Parsed {
  return parseDocument(text, {
    prettyErrors: false,
    stringKeys: true,
    logLevel: "silent",
    ...(lineCounter === undefined ? {} : { lineCounter }),
  });
}

// One per line: further text on the line of a syntax fault is rarely another one.
function syntaxProblems(file: string, text: string): Problem[] {
  const counter = new LineCounter();
  const document = parse(text, counter);
  const problems = new Map<number, Problem>();
  for (const error of [...document.errors, ...document.warnings]) {
    const { line, col } = counter.linePos(error.pos[0]);
    if (problems.has(line)) continue;
    const at = { file, line, column: col };
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

function offsetOf(document: Document.Parsed, path: KeyPath): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
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
    return value === undefined ? null : { offset: startOf(value), value };
  }
  if (!isMap(target)) return null;
  const pair = target.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
  return pair === undefined ? null : { offset: startOf(pair.key), value: pair.value };
}

function startOf(node: unknown): number | null {
  return (node as Node | null)?.range?.[0] ?? null;
}
