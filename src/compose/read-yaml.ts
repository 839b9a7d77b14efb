import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import { messageOf } from "../fault.ts";
import { BOUNDS } from "./bounds.ts";
import type { Filled } from "./fill.ts";
import {
  type Located,
  type LocatedEntry,
  type LocatedMap,
  type LocatedScalar,
  type Place,
  type Problem,
  startOf,
} from "./located.ts";
import { type PlainScalar, readPlain } from "./scalar.ts";
import { tooDeep } from "./source-text.ts";
import { offsetOf, parsePlaced } from "./yaml-places.ts";

/** A YAML file as read, with all its problems. */
export interface YamlReading {
  /** Null where the file cannot be read at all. */
  root: Located | null;
  problems: Problem[];
  /** Places that another YAML reader would read differently. */
  doubts: Problem[];
}

type Fill = (text: string) => Filled;

/**
 * Reads one file of a release. Accepts only YAML that every reader reads alike: no tags, no directives, one document,
 * unique keys that are texts. `fill` fills in the variables of a text.
 */
export function readYaml(file: string, source: string, fill: Fill): YamlReading {
  const problem = (message: string, at = startOf(file)): YamlReading => ({
    root: null,
    problems: [{ message: `yaml: ${message}`, at }],
    doubts: [],
  });
  const deep = tooDeep(source);
  if (deep !== null) return problem(deep);
  try {
    const { document, positionAt } = parsePlaced(source, {
      version: "1.2",
      schema: "failsafe",
      logLevel: "error",
      // The library's own checks of keys and aliases scan the whole file for each of them.
      uniqueKeys: false,
    });
    const place = (offset: number): Place => ({ base: "recipe", file, ...positionAt(offset) });
    const error = document.errors[0] ?? document.warnings[0];
    if (error?.code === "MULTIPLE_DOCS")
      return problem("multiple documents: leave one of them", place(error.pos[0]));
    if (error !== undefined) return problem(error.message, place(error.pos[0]));
    if (/^%/m.test(source.split(/^---/m)[0] ?? ""))
      return problem("directives are not taken: begin with the first key");
    const locator = new Locator(source, place, fill);
    const root = locator.locate(document.contents, 0);
    return { root, problems: locator.problems, doubts: locator.doubts };
  } catch (error) {
    if (error instanceof Unreadable) return { root: null, problems: [error.problem], doubts: [] };
    return problem(messageOf(error));
  }
}

class Unreadable extends Error {
  readonly problem: Problem;

  constructor(message: string, at: Place) {
    super(message);
    this.problem = { message: `yaml: ${message}`, at };
  }
}

class Locator {
  readonly problems: Problem[] = [];
  readonly doubts: Problem[] = [];
  readonly #source: string;
  readonly #place: (offset: number) => Place;
  readonly #fill: Fill;
  readonly #known = new Map<Node, { node: Located; values: number; characters: number }>();
  readonly #open = new Set<Node>();
  /** By name: the last anchor before the current place. */
  readonly #anchors = new Map<string, Node>();
  #values = 0;
  #filled = 0;
  #characters = 0;

  constructor(source: string, place: (offset: number) => Place, fill: Fill) {
    this.#source = source;
    this.#place = place;
    this.#fill = fill;
  }

  /** Locates a value. An aliased value is built once, but counted at each use. */
  locate(node: unknown, depth: number): Located {
    const target = isAlias(node) ? this.#anchors.get(node.source) : (node as Node | null | undefined);
    const at = this.#placeOf(node);
    if (isAlias(node) && target === undefined) throw new Unreadable(`unknown anchor: ${node.source}`, at);
    if (target === null || target === undefined)
      return { kind: "scalar", value: null, raw: "", text: "", at };
    const known = this.#known.get(target);
    if (known !== undefined) {
      this.#count(known.values, at);
      this.#countCharacters(known.characters, at);
      return known.node;
    }
    if (depth > BOUNDS.depth) throw new Unreadable(`more than ${BOUNDS.depth} levels`, at);
    if (this.#open.has(target)) throw new Unreadable("an alias contains itself", at);
    this.#open.add(target);
    const { anchor } = target as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, target);
    const before = { values: this.#values, characters: this.#characters };
    this.#count(1, at);
    const made = this.#make(target, depth);
    this.#open.delete(target);
    this.#known.set(target, {
      node: made,
      values: this.#values - before.values,
      characters: this.#characters - before.characters,
    });
    return made;
  }

  #count(values: number, at: Place): void {
    this.#values += values;
    if (this.#values > BOUNDS.values)
      throw new Unreadable(`more than ${BOUNDS.values} values once its aliases are filled in`, at);
  }

  #countCharacters(characters: number, at: Place): void {
    this.#characters += characters;
    if (this.#characters > BOUNDS.characters)
      throw new Unreadable(
        `more than ${BOUNDS.characters} characters once its aliases and variables are filled in`,
        at,
      );
  }

  #make(node: Node, depth: number): Located {
    const at = this.#placeOf(node);
    const { tag } = node as { tag?: string };
    if (tag !== undefined && tag !== "!")
      throw new Unreadable(`the tag ${tag} gives it a type: take the tag out, and use quotes for a text`, at);
    if (isMap(node)) return { kind: "map", at, entries: this.#entries(node, depth + 1) };
    if (isSeq(node))
      return { kind: "list", at, items: node.items.map((item) => this.locate(item, depth + 1)) };
    if (!isScalar(node)) throw new Unreadable("it is neither a mapping, a list nor a word", at);
    return this.#scalar(String(node.value ?? ""), node.type === "PLAIN", at);
  }

  #scalar(raw: string, isPlain: boolean, at: Place): LocatedScalar {
    const {
      value,
      doubt,
      isRefused = false,
    }: PlainScalar = isPlain ? readPlain(raw) : { value: raw, doubt: null };
    if (doubt !== null)
      (isRefused ? this.problems : this.doubts).push({
        message: `\`${raw}\` is ${doubt}: put it in quotes, or write it plainly`,
        at,
      });
    const text = typeof value === "string" ? this.#filledIn(raw, at) : raw;
    this.#countCharacters(text.length, at);
    return { kind: "scalar", value, raw, text, at };
  }

  #filledIn(raw: string, at: Place): string {
    const filled = this.#fill(raw);
    if ("problem" in filled) {
      this.problems.push({ message: filled.problem, at });
      return "";
    }
    this.#filled += filled.text === raw ? 0 : filled.text.length;
    if (this.#filled > BOUNDS.filledIn)
      throw new Unreadable(`its variables fill in more than ${BOUNDS.filledIn} characters`, at);
    return filled.text;
  }

  // A key that is written out wins over one that is merged in. Older clients let the later one win, so such a file is
  // refused.
  #entries(map: YAMLMap, depth: number): ReadonlyMap<string, LocatedEntry> {
    const entries = new Map<string, LocatedEntry>();
    const merged = new Set<string>();
    const written = new Set<string>();
    for (const pair of map.items) {
      const name = isMergeKey(pair) ? "<<" : this.#keyOf(pair);
      if (written.has(name)) throw new Unreadable("Map keys must be unique", this.#placeOf(pair.key));
      written.add(name);
      if (!isMergeKey(pair)) {
        const key = name;
        merged.delete(key);
        entries.set(key, { at: this.#placeOf(pair.key), value: this.locate(pair.value, depth) });
        continue;
      }
      for (const [key, entry] of this.#merged(pair.value, depth)) {
        if (entries.has(key) && !merged.has(key))
          throw new Unreadable(
            `\`<<\` merges in \`${key}\`, which stands before it: put \`<<\` first`,
            this.#placeOf(pair.key),
          );
        if (!entries.has(key)) entries.set(key, entry);
        merged.add(key);
      }
    }
    return entries;
  }

  #keyOf({ key }: Pair): string {
    const at = this.#placeOf(key);
    if (!isScalar(key)) throw new Unreadable("a key is a word, and nothing else", at);
    const { tag } = key as { tag?: string };
    const text = String(key.value ?? "");
    const isText = key.type !== "PLAIN" || typeof readPlain(text).value === "string";
    if (!isText || tag !== undefined)
      throw new Unreadable(`the key \`${text}\` is no text: put it in quotes`, at);
    // Some readers see a key `a:` in `{ a:, b: }`.
    if (
      key.type === "PLAIN" &&
      /^:[,}\]]/.test(this.#source.slice(key.range?.[1], (key.range?.[1] ?? 0) + 2))
    )
      throw new Unreadable(`a blank is missing after \`${text}:\``, at);
    if (text === "__proto__") throw new Unreadable("`__proto__` is no name in a compose file", at);
    return text;
  }

  #merged(value: unknown, depth: number): (readonly [string, LocatedEntry])[] {
    const source = this.locate(value, depth);
    const maps: readonly Located[] = source.kind === "list" ? source.items : [source];
    const other = maps.find((item) => item.kind !== "map");
    if (other !== undefined) throw new Unreadable("`<<` takes a mapping, or a list of them", other.at);
    return (maps as readonly LocatedMap[]).flatMap(({ entries }) => [...entries]);
  }

  #placeOf(node: unknown): Place {
    return this.#place(offsetOf(node) ?? 0);
  }
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.value === "<<";
}
