import type { ValueMap } from "./form.ts";
import { SECTIONS } from "./forms.ts";
import { type Located, type Problem, startOf, type Text, valueAt } from "./located.ts";
import type { Mount, Port } from "./mounts-and-ports.ts";

export type SectionName = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

/** A volume, network, secret or config; an external one has `external: true` and its name. */
export type Definition = ValueMap;
export type Definitions = Readonly<Record<string, Definition>>;

/** A service with variables filled in and short forms expanded. */
export interface Service extends ValueMap {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly deploy?: ValueMap | null;
  readonly volumes?: readonly Mount[];
  readonly ports?: readonly Port[];
  readonly networks?: Readonly<Record<string, ValueMap | null>>;
}

/** The compose files of a release, merged: the one reading that is judged, looked at and deployed. */
export interface Compose extends Readonly<Record<Exclude<SectionName, "services">, Definitions>> {
  version: string | null;
  services: Readonly<Record<string, Service>>;
}

/** One of the files that are merged. */
export interface ComposeFile {
  file: string;
  root: Located;
}

export interface ComposeReading {
  /** The readable part; null where a file cannot be read at all. */
  compose: Compose | null;
  /** All problems; with even one, nothing is deployed. */
  problems: Problem[];
  /** Places that another reader of the same files might read differently. */
  doubts: Problem[];
  files: ComposeFile[];
}

/** Reads a file of the release; null if it does not exist. Throws for a path that is no readable file. */
export type ReadFile = (path: string) => Buffer | null;

export interface ComposeRequest {
  readFile: ReadFile;
  /** The variables for the files: the app's `.env`, then the exports of `abra.sh`. */
  variables: Readonly<Record<string, string>>;
  /** The value of `COMPOSE_FILE`, and where it stands. */
  picked: Text | null;
}

/** Whether the definition is external: made outside this release. */
export function isExternal(definition: Definition): boolean {
  return definition.external === true;
}

/** The name in Docker of a volume, network, secret or config. */
export function nameInDocker(stack: string, key: string, { name }: Definition): string {
  return typeof name === "string" && name !== "" ? name : `${stack}_${key}`;
}

/** The labels of a service: those of `deploy`, where backup-bot looks, override the container's. */
export function labelsOf({ labels, deploy }: Service): Record<string, string> {
  const all = { ...labels, ...(deploy?.labels as ValueMap | undefined) };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}

/** Where a service or a definition stands in the last file that has it. */
export function placeOf(files: readonly ComposeFile[], section: SectionName, key: string): Problem["at"] {
  const places = files.map(({ root }) => {
    const node = valueAt(root, section);
    return node?.kind === "map" ? node.entries.get(key)?.at : undefined;
  });
  return places.findLast((at) => at !== undefined) ?? startOf(files[0]?.file ?? "compose.yml");
}
