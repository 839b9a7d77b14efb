import { posix } from "node:path";
import { interpolate } from "../driver/swarm/interpolate.ts";
import type { ReleaseFiles } from "./facts.ts";
import type { Place } from "./finding.ts";
import { entriesOf, type Located, type LocatedEntry, readLocated, type Text } from "./located.ts";
import { readServices, type Service } from "./service.ts";

export const SECTIONS = ["services", "volumes", "networks", "secrets", "configs"] as const;
export type SectionName = (typeof SECTIONS)[number];

/** Many times what recipes have. */
const MOST_SERVICES = 500;

/** One of the compose files that are laid over each other. */
export interface ComposeFile {
  file: string;
  root: Located;
}

/** What several compose files say together. */
export interface Compose {
  /** In the order in which they are laid over each other. */
  files: ComposeFile[];
  services: ReadonlyMap<string, Service>;
  /** By section and key, what the last file says that has it: Docker replaces such a definition whole. */
  definitions: Readonly<Record<Exclude<SectionName, "services">, ReadonlyMap<string, LocatedEntry>>>;
}

export type ComposeReading =
  | { state: "read"; compose: Compose }
  /** The command driver needs none. */
  | { state: "absent" }
  | { state: "unreadable"; problems: { message: string; at: Place }[] };

/** Reads the compose files that `COMPOSE_FILE` picks, or `compose.yml`. */
export function readComposeFiles(
  files: ReleaseFiles,
  variables: Readonly<Record<string, string>>,
  picked: Text | null,
  isNeeded: boolean,
): ComposeReading {
  const names = (picked?.text ?? "").split(":").filter((name) => name !== "");
  const paths = names.length === 0 ? ["compose.yml"] : names.map((name) => posix.normalize(name));
  if (!isNeeded && !paths.some((path) => files.has(path))) return { state: "absent" };
  const readings = paths.map((path) => readOne(files, path, variables, picked?.at ?? startOf(path)));
  const problems = readings.flatMap((reading) => ("message" in reading ? [reading] : []));
  if (problems.length > 0) return { state: "unreadable", problems };
  const compose = mergeFiles(readings.filter((reading) => "root" in reading));
  if (compose.services.size <= MOST_SERVICES) return { state: "read", compose };
  const message = `${compose.services.size} services; at most ${MOST_SERVICES} are looked at`;
  return { state: "unreadable", problems: [{ message, at: startOf(paths[0] ?? "compose.yml") }] };
}

function readOne(
  files: ReleaseFiles,
  path: string,
  variables: Readonly<Record<string, string>>,
  named: Place,
): ComposeFile | { message: string; at: Place } {
  const file = files.get(path);
  if (path.startsWith("..") || posix.isAbsolute(path))
    return { message: `COMPOSE_FILE names a file outside of the recipe: ${path}`, at: named };
  if (file === undefined) return { message: `open ${path}: no such file or directory`, at: named };
  if (file.text === null)
    return { message: `${path} is no text that a compose file could be`, at: startOf(path) };
  const reading = readLocated(path, file.text, (text) => interpolate(text, variables));
  if ("problem" in reading) return { message: `${path}: ${reading.problem}`, at: reading.at };
  return { file: path, root: reading.root };
}

function mergeFiles(files: ComposeFile[]): Compose {
  const section = (name: SectionName) =>
    new Map(files.flatMap(({ root }) => entriesOf(sectionOf(root, name))));
  return {
    files,
    services: readServices(files.map(({ root }) => sectionOf(root, "services"))),
    definitions: {
      volumes: section("volumes"),
      networks: section("networks"),
      secrets: section("secrets"),
      configs: section("configs"),
    },
  };
}

export function sectionOf(root: Located, name: SectionName): Located | undefined {
  return root.kind === "map" ? root.entries.get(name)?.value : undefined;
}

function startOf(file: string): Place {
  return { base: "recipe", file, line: 1, column: 1 };
}
