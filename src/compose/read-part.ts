import { posix } from "node:path";
import { messageOf } from "../fault.ts";
import { BOUNDS } from "./bounds.ts";
import {
  type Compose,
  type ComposeFile,
  type ComposeRequest,
  type ReadFile,
  SECTION_NAMES,
  type SectionName,
  type Service,
} from "./compose.ts";
import { lookupIn } from "./fill.ts";
import type { Value } from "./form.ts";
import { SECTIONS } from "./forms.ts";
import { entriesOf, type Report, startOf, valueAt } from "./located.ts";
import { readSourceText } from "./source-text.ts";

/** Reads one file and completes its `environment`, as Docker does before it merges files. */
export function readPart(
  { file, root }: ComposeFile,
  folder: string,
  request: ComposeRequest,
  report: Report,
): Compose {
  if (root.kind !== "map") report("Top-level object must be a mapping", root.at);
  for (const [key, { at }] of entriesOf(root))
    if (key !== "version" && !key.startsWith("x-") && !Object.hasOwn(SECTIONS, key))
      report(`(root) Additional property ${key} is not allowed`, at);
  const version = valueAt(root, "version");
  if (version !== undefined && (version.kind !== "scalar" || typeof version.value !== "string"))
    report("version must be a string", version.at);
  const section = (name: SectionName): Record<string, Value> => {
    const node = valueAt(root, name);
    return node === undefined ? {} : { ...SECTIONS[name].read(node, name, report) };
  };
  const services = Object.entries(section("services")).map(([name, service]) => {
    const at = valueAt(root, "services", name)?.at ?? startOf(file);
    return [name, withEnvironment(service as Service, folder, request, (message) => report(message, at))];
  });
  return {
    version: version?.kind === "scalar" && version.value !== null ? version.text : null,
    ...(Object.fromEntries(
      SECTION_NAMES.map((name) => [name, name === "services" ? Object.fromEntries(services) : section(name)]),
    ) as Omit<Compose, "version">),
  };
}

// Docker replaces an empty value by the variable of that name.
function withEnvironment(
  { env_file: files, environment, ...service }: Service,
  folder: string,
  { readFile: read, variables }: ComposeRequest,
  report: (message: string) => void,
): Service {
  const lookup = lookupIn(variables);
  const filled = new Map<string, string | number | null>();
  const add = ([name, value]: readonly [string, string | number | null]) =>
    filled.set(name, value === null || value === "" ? (lookup(name) ?? value) : value);
  for (const file of ((files ?? []) as readonly string[]).slice(0, BOUNDS.files))
    for (const pair of envPairs(file, folder, read, lookup, report)) add(pair);
  for (const pair of Object.entries(environment ?? {})) add(pair);
  return filled.size === 0 ? service : { ...service, environment: Object.fromEntries(filled) };
}

function envPairs(
  file: string,
  folder: string,
  read: ReadFile,
  lookup: (name: string) => string | undefined,
  report: (message: string) => void,
): [string, string][] {
  const path = posix.normalize(posix.join(folder, file));
  if (posix.isAbsolute(file) || path.startsWith("..") || isOfGit(path)) {
    report(`the env_file ${file} is not in the recipe: put it beside the compose file`);
    return [];
  }
  const bytes = bytesOf(path, read);
  const source = typeof bytes === "string" ? { problem: bytes } : readSourceText(bytes);
  const lines = "problem" in source ? source : readEnvLines(source.text, lookup);
  if ("pairs" in lines) return lines.pairs;
  report(`the env_file ${file}: ${lines.problem}`);
  return [];
}

/** The bytes of a file of the release, or the reason why they cannot be had. */
export function bytesOf(path: string, read: ReadFile): Buffer | string {
  try {
    return read(path) ?? `open ${path}: no such file or directory`;
  } catch (error) {
    return messageOf(error);
  }
}

/** Whether a path leads into the checkout's `.git`, which is in no commit. */
export function isOfGit(path: string): boolean {
  return path.split("/").some((part) => part.toLowerCase() === ".git");
}

/** The variables that an `env_file` sets, or its first unreadable line. */
type EnvLines = { pairs: [name: string, value: string][] } | { problem: string; line: number };

/**
 * Reads a file of `NAME=value` lines as Docker's client does: no quotes, no references; a name alone takes its value
 * from `lookup`, or is left out.
 */
function readEnvLines(text: string, lookup: (name: string) => string | undefined): EnvLines {
  const pairs: [string, string][] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.trimStart();
    if (content === "" || content.startsWith("#")) continue;
    const at = content.indexOf("=");
    const name = at < 0 ? content : content.slice(0, at);
    if (name === "" || /[ \t]/.test(name))
      return { problem: `no variable name: ${JSON.stringify(content.slice(0, 80))}`, line: index + 1 };
    const value = at < 0 ? lookup(name) : content.slice(at + 1);
    if (value !== undefined) pairs.push([name, value]);
  }
  return { pairs };
}
