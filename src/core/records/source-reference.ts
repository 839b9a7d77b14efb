import type { SourceLines } from "./brief.ts";

/** A place in a file that an output mentions. */
export interface SourceReference {
  file: string;
  /** From 1. */
  line: number;
}

/** Formats in which shells, interpreters and parsers print the place of an error. */
const PATTERNS: readonly RegExp[] = [
  // Python's traceback: the last frame is the deepest.
  /File "(?<file>[^"]+)", line (?<line>\d+)/g,
  // bash, zsh, busybox
  /^(?<file>[^\s:]+): line (?<line>\d+): /g,
  /\s(?<file>\/[^\s:]+): line (?<line>\d+): /g,
  // dash
  /(?:^|\s)(?<file>[^\s:]*\/[^\s:]+): (?<line>\d+): /g,
  // Node, Go, C compilers, docker compose: `file.ext:12`, `file:///a/b.mjs:12:3`
  /(?:file:\/\/)?(?<file>[\w./@-]*[\w-]\.[A-Za-z]\w{0,4}):(?<line>\d+)(?::\d+)?\b/g,
  // YAML parsers: `compose.yml: … line 12`
  /(?<file>[\w./-]+\.ya?ml)\b[^\n]{0,80}?\bline (?<line>\d+)/g,
];
const LONGEST_OUTPUT = 64 * 1024;
/** Characters searched of a line: a pattern may start at each of them. */
const LONGEST_TOLD = 500;
const MOST = 50;

/** The places that an output mentions, without duplicates, the most likely one first. */
export function sourceReferences(output: string): SourceReference[] {
  const lines = output
    .slice(-LONGEST_OUTPUT)
    .split("\n")
    .map((line) => line.slice(0, LONGEST_TOLD))
    .reverse();
  const found = new Map<string, SourceReference>();
  for (const pattern of PATTERNS)
    for (const { groups } of lines.flatMap((line) => [...line.matchAll(pattern)])) {
      const reference = { file: groups?.file ?? "", line: Number(groups?.line) };
      if (reference.line > 0) found.set(`${reference.file}:${reference.line}`, reference);
    }
  return [...found.values()].slice(0, MOST);
}

const AROUND = 3;
const LONGEST_LINE = 200;

/** The lines of a text around the given one; null if there is no such line. */
export function linesAround(file: string, text: string, line: number): SourceLines | null {
  const all = text.replace(/\n$/, "").split("\n");
  if (line < 1 || line > all.length) return null;
  const first = Math.max(1, line - AROUND);
  const lines = all
    .slice(first - 1, line + AROUND)
    .map((source, index) => ({ number: first + index, text: source.slice(0, LONGEST_LINE) }));
  return { file, line, lines };
}

const SHORTEST_PIECE = 10;
const LONGEST_PIECE = 60;
/** Characters searched of a script, for thousands of pieces. */
const LONGEST_SCRIPT = 64 * 1024;

/** The line of a script that prints an error: the one with the longest piece of it. Null if there is none. */
export function lineThatSays(text: string, error: string): number | null {
  const read = text.slice(0, LONGEST_SCRIPT);
  for (let length = Math.min(LONGEST_PIECE, error.length); length >= SHORTEST_PIECE; length -= 2)
    for (let begin = 0; begin + length <= error.length && begin < LONGEST_LINE; begin += 1) {
      const piece = error.slice(begin, begin + length);
      const at = piece.includes("\n") ? -1 : read.indexOf(piece);
      if (at >= 0) return read.slice(0, at).split("\n").length;
    }
  return null;
}

/** The line of a compose file with a name that an error puts in quotes; its last such name takes precedence. */
export function lineThatNames(text: string, error: string): number | null {
  const names = [...error.matchAll(/["'`]([\w./:@-]{2,})["'`]/g)].map(([, name = ""]) => name).reverse();
  const lines = text.split("\n");
  for (const name of names) {
    const at = lines.findIndex((line) => line.includes(name));
    if (at >= 0) return at + 1;
  }
  return null;
}
