import { posix } from "node:path";
import { type ComposeFile, SECTION_NAMES, type SectionName } from "../compose/compose.ts";
import {
  entriesOf,
  type Located,
  type LocatedEntry,
  type Problem,
  type Text,
  valueAt,
} from "../compose/located.ts";
import { readCompose } from "../compose/read-compose.ts";
import type { ReleaseFiles } from "./facts.ts";
import { readServices, type Service } from "./service.ts";

export const SECTIONS = SECTION_NAMES;

/** What several compose files say together, with the places where they say it. */
export interface Compose {
  /** In the order in which they are laid over each other. */
  files: ComposeFile[];
  services: ReadonlyMap<string, Service>;
  /** By section and key, what the last file says that has it: Docker replaces such a definition whole. */
  definitions: Readonly<Record<Exclude<SectionName, "services">, ReadonlyMap<string, LocatedEntry>>>;
  /** Why nothing would be deployed from them. */
  problems: Problem[];
  /** What another reader might take differently. */
  doubts: Problem[];
}

export type ComposeReading =
  | { state: "read"; compose: Compose }
  /** The command driver needs none. */
  | { state: "absent" }
  | { state: "unreadable"; problems: Problem[] };

/** Reads the compose files that `COMPOSE_FILE` picks, or `compose.yml`, as a deploy does. */
export function readComposeFiles(
  files: ReleaseFiles,
  variables: Readonly<Record<string, string>>,
  picked: Text | null,
  isNeeded: boolean,
): ComposeReading {
  const names = (picked?.text ?? "").split(":").filter((name) => name !== "");
  const paths = names.length === 0 ? ["compose.yml"] : names.map((name) => posix.normalize(name));
  if (!isNeeded && !paths.some((path) => files.has(path))) return { state: "absent" };
  const readFile = (path: string) => {
    const file = files.get(path);
    if (file?.text === null) throw new Error(`${path} is no text that a compose file could be`);
    return file === undefined ? null : Buffer.from(file.text, "utf8");
  };
  const { compose, files: read, problems, doubts } = readCompose({ readFile, variables, picked });
  if (compose === null) return { state: "unreadable", problems };
  return { state: "read", compose: { ...withPlaces(read), problems, doubts } };
}

function withPlaces(files: ComposeFile[]): Omit<Compose, "problems" | "doubts"> {
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
  return valueAt(root, name);
}
