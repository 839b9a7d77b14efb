import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { parseCompose } from "../driver/swarm/parse-compose.ts";
import { messageOf } from "../fault.ts";
import type { Place } from "./finding.ts";

/** A text of a file, as it is written and with its variables filled in. */
export interface Text {
  raw: string;
  text: string;
  at: Place;
}

export interface LocatedMap {
  kind: "map";
  at: Place;
  /** In the order of the file, what `<<` merges in among them. */
  entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  /** Where the key stands. */
  at: Place;
  value: Located;
}

/** A YAML value that knows where it stands. What is behind an alias stands where its anchor is. */
export type Located =
  | LocatedMap
  | { kind: "list"; at: Place; items: readonly Located[] }
  | (Text & { kind: "scalar"; value: unknown });

/** One compose file, or why it is none. */
export type LocatedReading = { root: Located } | { problem: string; at: Place };

/** Reads a compose file as Docker does: YAML 1.1 with merge keys. `fill` fills in the variables of a text. */
export function readLocated(file: string, source: string, fill: (text: string) => string): LocatedReading {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { base: "recipe", file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const document = parseDocument(source, {
      version: "1.1",
      merge: true,
      prettyErrors: false,
      logLevel: "silent",
      lineCounter: lines,
    });
    const error = document.errors[0];
    if (error !== undefined) return { problem: `yaml: ${error.message}`, at: place(error.pos[0]) };
    // What only exhausts its reader is refused before a tree is made of it.
    parseCompose(source);
    return { root: new Locator(document, place, fill).locate(document.contents) };
  } catch (error) {
    return { problem: `yaml: ${messageOf(error)}`, at: place(0) };
  }
}

class Locator {
  readonly #document: Document.Parsed;
  readonly #place: (offset: number) => Place;
  readonly #fill: (text: string) => string;
  readonly #known = new Map<Node, Located>();

  constructor(document: Document.Parsed, place: (offset: number) => Place, fill: (text: string) => string) {
    this.#document = document;
    this.#place = place;
    this.#fill = fill;
  }

  locate(node: unknown): Located {
    const target = isAlias(node) ? node.resolve(this.#document) : (node as Node | null | undefined);
    if (target === null || target === undefined) return this.#scalar(null, "", this.#placeOf(node));
    const known = this.#known.get(target);
    if (known !== undefined) return known;
    const made = this.#make(target);
    this.#known.set(target, made);
    return made;
  }

  #make(node: Node): Located {
    const at = this.#placeOf(node);
    if (isMap(node)) return { kind: "map", at, entries: this.#entries(node) };
    if (isSeq(node)) return { kind: "list", at, items: node.items.map((item) => this.locate(item)) };
    if (!isScalar(node)) return this.#scalar(null, "", at);
    const { value, source } = node;
    return this.#scalar(value, typeof value === "string" ? value : (source ?? String(value ?? "")), at);
  }

  #entries(map: YAMLMap): ReadonlyMap<string, LocatedEntry> {
    const entries = new Map<string, LocatedEntry>();
    for (const pair of map.items) {
      if (isMergeKey(pair)) for (const [key, entry] of this.#merged(pair.value)) add(key, entry, false);
      else add(nameOf(pair.key), { at: this.#placeOf(pair.key), value: this.locate(pair.value) }, true);
    }
    return entries;

    // What is written out wins over what is merged in, wherever the `<<` stands.
    function add(key: string, entry: LocatedEntry, isWritten: boolean): void {
      if (isWritten || !entries.has(key)) entries.set(key, entry);
    }
  }

  #merged(value: unknown): (readonly [string, LocatedEntry])[] {
    const source = this.locate(value);
    if (source.kind === "map") return [...source.entries];
    if (source.kind !== "list") return [];
    return source.items.flatMap((item) => (item.kind === "map" ? [...item.entries] : []));
  }

  #scalar(value: unknown, raw: string, at: Place): Located {
    return { kind: "scalar", value, raw, text: this.#fill(raw), at };
  }

  #placeOf(node: unknown): Place {
    return this.#place((node as Node | null | undefined)?.range?.[0] ?? 0);
  }
}

function isMergeKey({ key }: Pair): boolean {
  return (isScalar(key) ? key.value : key) === "<<" || nameOf(key) === "Symbol(<<)";
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** The entries of a mapping; none where it is no mapping. */
export function entriesOf(node: Located | undefined): (readonly [string, LocatedEntry])[] {
  return node?.kind === "map" ? [...node.entries] : [];
}

/** What stands at a path of keys; undefined where nothing does. */
export function valueAt(node: Located | undefined, ...path: readonly string[]): Located | undefined {
  return path.reduce<Located | undefined>(
    (inner, key) => (inner?.kind === "map" ? inner.entries.get(key)?.value : undefined),
    node,
  );
}

/** The text of a value that is one; null is none. */
export function textOf(node: Located | undefined): Text | null {
  return node?.kind === "scalar" && node.value !== null ? node : null;
}

/** The texts of a list, or the one text. */
export function textsOf(node: Located | undefined): Text[] {
  if (node?.kind === "list") return node.items.flatMap((item) => textsOf(item));
  const text = textOf(node);
  return text === null ? [] : [text];
}

/** The pairs of a mapping, which may be written as a list of `name=value`; each stands where its name does. */
export function pairsOf(node: Located | undefined): (readonly [string, Text])[] {
  if (node?.kind === "map")
    return [...node.entries].map(([name, { at, value }]) => {
      const text = textOf(value);
      return [name, { raw: text?.raw ?? "", text: text?.text ?? "", at }] as const;
    });
  return textsOf(node).map(({ raw, text, at }) => {
    const [name] = split(raw);
    return [name, { raw: split(raw)[1], text: split(text)[1], at }] as const;
  });
}

function split(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}
