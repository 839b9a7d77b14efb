import type { Position } from "./yaml-places.ts";

/** A place in a file. */
export interface Place extends Position {
  /** The repository of the recipe, or the operator's folder for it. */
  base: "recipe" | "configuration";
  /** Relative to the base. */
  file: string;
}

/** A reason why something cannot be read, or cannot be deployed as written. */
export interface Problem {
  message: string;
  at: Place;
}

export type Report = (message: string, at: Place) => void;

/** A text of a file, as written and with its variables filled in. */
export interface Text {
  raw: string;
  text: string;
  at: Place;
}

export interface LocatedMap {
  kind: "map";
  at: Place;
  /** In the order of the file, entries merged in by `<<` included. */
  entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  /** Position of the key. */
  at: Place;
  value: Located;
}

export interface LocatedScalar extends Text {
  kind: "scalar";
  /** Before variables are filled in; numbers are finite. */
  value: string | number | boolean | null;
}

/** A YAML value with its position. An aliased value has the position of its anchor. */
export type Located = LocatedMap | { kind: "list"; at: Place; items: readonly Located[] } | LocatedScalar;

/** The first line of a file, for want of a better place. */
export function startOf(file: string): Place {
  return { base: "recipe", file, line: 1, column: 1 };
}

/** The entries of a mapping; empty for anything else. */
export function entriesOf(node: Located | undefined): (readonly [string, LocatedEntry])[] {
  return node?.kind === "map" ? [...node.entries] : [];
}

/** The value at a path of keys; undefined if there is no such value. */
export function valueAt(node: Located | undefined, ...path: readonly string[]): Located | undefined {
  return path.reduce<Located | undefined>(
    (inner, key) => (inner?.kind === "map" ? inner.entries.get(key)?.value : undefined),
    node,
  );
}

/** The text of a scalar; null for anything else, and for null. */
export function textOf(node: Located | undefined): Text | null {
  return node?.kind === "scalar" && node.value !== null ? node : null;
}

/** The texts of a list, or the single text. */
export function textsOf(node: Located | undefined): Text[] {
  if (node?.kind === "list") return node.items.flatMap((item) => textsOf(item));
  const text = textOf(node);
  return text === null ? [] : [text];
}

/** The pairs of a mapping or of a list of `name=value`, each with the position of its name. */
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
