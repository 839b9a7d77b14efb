import { isAbsolute, join, normalize } from "node:path";
import { z } from "zod";
import { ActFailed, recipeFailure } from "../../docker/failure.ts";
import { messageOf } from "../../fault.ts";
import { readContainedText } from "../../state/contained-file.ts";
import { parseCompose } from "./parse-compose.ts";

const Mapping = z.record(z.string(), z.unknown());
const Section = z.record(z.string(), Mapping.nullable().catch({})).nullish().catch({});
const Document = z.looseObject({
  version: z.union([z.string(), z.number()]).optional().catch(undefined),
  services: Section,
  volumes: Section,
  networks: Section,
  secrets: Section,
  configs: Section,
});
type Document = z.infer<typeof Document>;

/** In bytes: many times what recipes have. The reader of YAML takes the square of a file's depth. */
const LONGEST_FILE = 256 * 1024;

export type Definition = Readonly<Record<string, unknown>>;
export type Definitions = Readonly<Record<string, Definition>>;

const SECTIONS = ["services", "volumes", "networks", "secrets", "configs"] as const;
export type Sections = Readonly<Record<(typeof SECTIONS)[number], Definitions>>;

/** What several compose files say together, variables not filled in. Only Docker's own reading is binding. */
export interface Compose extends Sections {
  /** Absolute, in the order in which they are laid over each other. */
  files: string[];
  version: string | null;
  /** What each file says alone, in the same order. */
  parts: Sections[];
}

/**
 * Reads the compose files that `COMPOSE_FILE` picks (separated by `:`), or `compose.yml`. Throws `ActFailed`
 * (recipe) for a file that is missing, leaves the checkout or does not parse.
 */
export function readCompose(checkout: string, composeFile: string | undefined): Compose {
  const names = (composeFile ?? "").split(":").filter((name) => name !== "");
  const paths = (names.length === 0 ? ["compose.yml"] : names).map((name) => pathWithin(name));
  return composeOf(
    paths.map((path) => join(checkout, path)),
    paths.map((path) => readDocument(checkout, path)),
  );
}

/** The same of the text of a single file. */
export function composeOfText(file: string, text: string): Compose {
  return composeOf([file], [documentOf(file, text)]);
}

function composeOf(files: string[], documents: readonly Document[]): Compose {
  const version = documents[0]?.version;
  return {
    files,
    version: version === undefined ? null : String(version),
    ...sectionsOf(documents),
    parts: documents.map((document) => sectionsOf([document])),
  };
}

function sectionsOf(documents: readonly Document[]): Sections {
  const merged = SECTIONS.map((name) => [name, mergeSections(documents.map((document) => document[name]))]);
  return Object.fromEntries(merged);
}

/** Whether the definition names something that somebody else makes. */
export function isExternal(definition: Definition): boolean {
  return definition.external !== undefined && definition.external !== false;
}

/** The name in Docker of a volume, network, secret or config. */
export function nameInDocker(stack: string, key: string, definition: Definition): string {
  const external = definition.external as { name?: unknown } | undefined;
  const name = definition.name ?? external?.name;
  if (typeof name === "string" && name !== "") return name;
  return isExternal(definition) ? key : `${stack}_${key}`;
}

/** The pairs of a compose mapping, which may be written as a list of `name=value`. */
export function pairsOf(value: unknown): Record<string, string> {
  if (Array.isArray(value)) return Object.fromEntries(value.map((item) => splitPair(String(item))));
  if (value === null || typeof value !== "object") return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item == null ? "" : String(item)]),
  );
}

/** The labels of a service: those of `deploy`, where backup-bot looks, over the container's. */
export function labelsOf(service: Definition): Record<string, string> {
  const deploy = service.deploy as { labels?: unknown } | null | undefined;
  return { ...pairsOf(service.labels), ...pairsOf(deploy?.labels) };
}

function splitPair(text: string): [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function pathWithin(name: string): string {
  const relative = normalize(name);
  if (isAbsolute(name) || relative.startsWith("..") || relative.startsWith("-"))
    throw recipeFailure(`COMPOSE_FILE names a file outside of the recipe: ${name}`);
  return relative;
}

function readDocument(checkout: string, path: string): Document {
  try {
    const text = readContainedText(checkout, path, LONGEST_FILE);
    if (text === null) throw new Error("no such file");
    return documentOf(path, text);
  } catch (error) {
    throw error instanceof ActFailed ? error : recipeFailure(`${path}: ${messageOf(error)}`);
  }
}

function documentOf(path: string, text: string): Document {
  try {
    return Document.parse(parseCompose(text) ?? {});
  } catch (error) {
    throw recipeFailure(`${path}: ${messageOf(error)}`);
  }
}

function mergeSections(sections: readonly Document["services"][]): Definitions {
  const merged = new Map<string, Definition>();
  for (const section of sections)
    for (const [key, definition] of Object.entries(section ?? {}))
      merged.set(key, mergeDefinitions(merged.get(key) ?? {}, definition ?? {}));
  return Object.fromEntries(merged);
}

// As Docker does: mappings are merged, lists that stand for mappings too, the rest is replaced or appended.
function mergeDefinitions(base: Definition, over: Definition): Definition {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = mergeValues(key, base[key], value);
  return merged;
}

function mergeValues(key: string, base: unknown, over: unknown): unknown {
  if (base === undefined || base === null) return over;
  if (key === "labels" || key === "environment") return { ...pairsOf(base), ...pairsOf(over) };
  if (Array.isArray(base) && Array.isArray(over)) return key === "volumes" ? [...base, ...over] : over;
  const bothMaps = Mapping.safeParse(base).success && Mapping.safeParse(over).success;
  return bothMaps && !Array.isArray(over) ? mergeDefinitions(base as Definition, over as Definition) : over;
}
