import type { ValueMap } from "./form.ts";
import { SECTIONS } from "./forms.ts";
import { type Located, type Problem, startOf, type Text, valueAt } from "./located.ts";
import type { Mount, Port } from "./mounts-and-ports.ts";

export type SectionName = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

/** A volume, network, secret or config; what somebody else makes has `external: true` and its name. */
export type Definition = ValueMap;
export type Definitions = Readonly<Record<string, Definition>>;

/** A service, variables filled in, short forms written out. */
export interface Service extends ValueMap {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly deploy?: ValueMap | null;
  readonly volumes?: readonly Mount[];
  readonly ports?: readonly Port[];
  readonly networks?: Readonly<Record<string, ValueMap | null>>;
}

/** All that the compose files of a release say together: the one reading that is judged, looked at and deployed. */
export interface Compose extends Readonly<Record<Exclude<SectionName, "services">, Definitions>> {
  version: string | null;
  services: Readonly<Record<string, Service>>;
}

/** One of the files that are laid over each other. */
export interface ComposeFile {
  file: string;
  root: Located;
}

export interface ComposeReading {
  /** What could be read; null where a file cannot be read at all. */
  compose: Compose | null;
  /** All that is wrong: with one problem or more nothing is deployed. */
  problems: Problem[];
  /** What another reader of the same files might take differently. */
  doubts: Problem[];
  files: ComposeFile[];
}

/** Reads a file of the release; null where there is no such file. Throws for what is no file that could be read. */
export type ReadFile = (path: string) => Buffer | null;

export interface ComposeRequest {
  readFile: ReadFile;
  /** What the files may fill in: the app's `.env`, then what `abra.sh` exports. */
  variables: Readonly<Record<string, string>>;
  /** The value of `COMPOSE_FILE`, and where it stands. */
  picked: Text | null;
}

/** Whether the definition names something that somebody else makes. */
export function isExternal(definition: Definition): boolean {
  return definition.external === true;
}

/** The name in Docker of a volume, network, secret or config. */
export function nameInDocker(stack: string, key: string, { name }: Definition): string {
  return typeof name === "string" && name !== "" ? name : `${stack}_${key}`;
}

/** The labels of a service: those of `deploy`, where backup-bot looks, over the container's. */
export function labelsOf({ labels, deploy }: Service): Record<string, string> {
  const all = { ...labels, ...(deploy?.labels as ValueMap | undefined) };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}

/** Where the last file that has it says something of a service or a definition. */
export function placeOf(files: readonly ComposeFile[], section: SectionName, key: string): Problem["at"] {
  const places = files.map(({ root }) => {
    const node = valueAt(root, section);
    return node?.kind === "map" ? node.entries.get(key)?.at : undefined;
  });
  return places.findLast((at) => at !== undefined) ?? startOf(files[0]?.file ?? "compose.yml");
}
