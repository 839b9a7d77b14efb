import { type Form, refuse, type Value, type ValueMap } from "./form.ts";
import { entriesOf, type Located, type Report } from "./located.ts";
import { TEXT } from "./word.ts";

/** A list of words. */
export const WORDS: Form<readonly string[]> = {
  read: (node, path, report) => {
    if (node.kind !== "list") return refuse(`${path} must be a list`, node, report);
    return node.items.flatMap((item, index) => TEXT.read(item, `${path}.${index}`, report) ?? []);
  },
  merge: (base, over) => [...base, ...over],
};

/** A list of words without duplicates, also where two files name the same. */
export const TEXTS: Form<readonly string[]> = {
  read: (node, path, report) => {
    const texts = WORDS.read(node, path, report);
    if (texts !== undefined && new Set(texts).size < texts.length)
      report(`${path} array items must be unique`, node.at);
    return texts;
  },
  merge: (base, over) => [...new Set([...base, ...over])],
};

/** One word, or a list of them. */
export const TEXT_OR_TEXTS: Form<readonly string[]> = {
  read: (node, path, report) => {
    if (node.kind === "list") return TEXTS.read(node, path, report);
    const text = TEXT.read(node, path, report);
    return text === undefined ? undefined : [text];
  },
  merge: TEXTS.merge,
};

/** A command: a line that is split into words, or the words. */
export const COMMAND: Form<string | readonly string[]> = {
  read: (node, path, report) =>
    node.kind === "list" ? WORDS.read(node, path, report) : TEXT.read(node, path, report),
  merge: (base, over) => (over.length === 0 ? base : over),
};

/** The command of a health check; a line is for the shell. */
export const HEALTH_TEST: Form<readonly string[]> = {
  read: (node, path, report) => {
    if (node.kind === "list") return WORDS.read(node, path, report);
    const text = TEXT.read(node, path, report);
    return text === undefined ? undefined : ["CMD-SHELL", text];
  },
  merge: WORDS.merge,
};

/** Pairs, as a mapping or as a list of `name=value`; a name without a value has null. */
export const PAIRS: Form<Readonly<Record<string, string | number | null>>> = {
  read: (node, path, report) => {
    if (node.kind === "list") return listedPairs(TEXTS.read(node, path, report) ?? []);
    if (node.kind !== "map") return refuse(`${path} must be a mapping`, node, report);
    const pairs = entriesOf(node).flatMap(([name, { value }]) => {
      const read = valueOfPair(value, `${path}.${name}`, report);
      return read === undefined ? [] : [[name, read] as const];
    });
    return Object.fromEntries(pairs);
  },
  // A name alone keeps the value of an earlier file, unless that is empty.
  merge: (base, over) => {
    const kept = Object.entries(over).filter(([name, value]) => value !== null || (base[name] ?? "") === "");
    return { ...base, ...Object.fromEntries(kept) };
  },
};

/** The same, but a missing value is empty. */
export const LABELS: Form<Readonly<Record<string, string | number>>> = {
  read: (node, path, report) => {
    const pairs = PAIRS.read(node, path, report);
    if (pairs === undefined) return undefined;
    return Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, value ?? ""]));
  },
  merge: (base, over) => ({ ...base, ...over }),
};

/** A mapping with these keys and no others, except `x-…` keys, which are skipped. */
export function mapping(forms: Readonly<Record<string, Form>>): Form<ValueMap> {
  return {
    read: (node, path, report) => {
      if (node.kind !== "map") return refuse(`${path} must be a mapping`, node, report);
      return Object.fromEntries(
        entriesOf(node).flatMap(([key, { at, value }]) => {
          if (key.startsWith("x-")) return [];
          const form = formOf(forms, key);
          if (form === undefined) report(`${path} Additional property ${key} is not allowed`, at);
          const read = form?.read(value, `${path}.${key}`, report);
          return read === undefined ? [] : [[key, read]];
        }),
      );
    },
    merge: (base, over) => mergeMaps(base, over, (key) => formOf(forms, key)),
  };
}

/** A mapping whose keys are names chosen by the recipe. */
export function named<T extends Value>(form: Form<T>): Form<Readonly<Record<string, T>>> {
  return {
    read: (node, path, report) => {
      if (node.kind !== "map") return refuse(`${path} must be a mapping`, node, report);
      return Object.fromEntries(
        entriesOf(node).flatMap(([key, { at, value }]) => {
          if (!/^[a-zA-Z0-9._-]+$/.test(key)) report(`${path} Additional property ${key} is not allowed`, at);
          const read = form.read(value, `${path}.${key}`, report);
          return read === undefined ? [] : [[key, read]];
        }),
      );
    },
    merge: (base, over) =>
      mergeMaps(base, over, () => form as unknown as Form) as unknown as Readonly<Record<string, T>>,
  };
}

/** A list whose items a later file replaces by their key. */
export function keyed<T extends Value>(
  items: (node: Located, path: string, report: Report) => readonly T[],
  keyOf: (item: T) => unknown,
): Form<readonly T[]> {
  return {
    read: (node, path, report) => {
      if (node.kind !== "list") return refuse(`${path} must be a list`, node, report);
      return node.items.flatMap((item, index) => items(item, `${path}.${index}`, report));
    },
    merge: (base, over) => [...new Map([...base, ...over].map((item) => [keyOf(item), item])).values()],
  };
}

function listedPairs(items: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    items.map((item) => {
      const at = item.indexOf("=");
      return at < 0 ? [item, null] : [item.slice(0, at), item.slice(at + 1)];
    }),
  );
}

function valueOfPair(node: Located, path: string, report: Report): string | number | null | undefined {
  if (node.kind === "scalar" && typeof node.value !== "boolean")
    return typeof node.value === "string" ? node.text : node.value;
  return refuse(`${path} must be a string, number or null: put it in quotes`, node, report);
}

function formOf(forms: Readonly<Record<string, Form>>, key: string): Form | undefined {
  return Object.hasOwn(forms, key) ? forms[key] : undefined;
}

function mergeMaps(base: ValueMap, over: ValueMap, formAt: (key: string) => Form | undefined): ValueMap {
  const merged: Record<string, Value> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    merged[key] =
      before === undefined || before === null ? value : (formAt(key)?.merge(before, value) ?? value);
  }
  return merged;
}
