import { posix } from "node:path";
import { type ComposeFile, SECTION_NAMES, type SectionName } from "../compose/compose.ts";
import { entriesOf, type Located, type Text, valueAt } from "../compose/located.ts";
import { readCompose } from "../compose/read-compose.ts";
import type { Compose, ComposeReading, ReleaseFiles } from "./facts.ts";
import { readServices } from "./service.ts";

export const SECTIONS = SECTION_NAMES;

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
