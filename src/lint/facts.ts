import type { ComposeFile, SectionName } from "../compose/compose.ts";
import type { LocatedEntry, Problem, Text } from "../compose/located.ts";
import type { DriverName } from "../core/driver-traits.ts";
import type { Service } from "./service.ts";

/** A file of a commit: its content is null where it is none that could be read (too long, no text). */
export interface ReleaseFile {
  /** Git's id of the content. */
  object: string;
  text: string | null;
}

export type ReleaseFiles = ReadonlyMap<string, ReleaseFile>;

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
  /** What is deployed by `commands:` needs none. */
  | { state: "absent" }
  | { state: "unreadable"; problems: Problem[] };

/** A release as its deploy would read it. */
export interface ReleaseFacts {
  /** The tag, or the commit where there is none yet. */
  version: string;
  files: ReleaseFiles;
  /** `.env.sample`, the recipe's `env:` and what `abra.sh` exports. */
  variables: Readonly<Record<string, string>>;
  compose: ComposeReading;
}

/** A test of the operator's own. */
export interface TestText {
  /** Relative to the recipe's configuration folder: `tests/custom/login`. */
  file: string;
  text: string;
}

/** All that the rules may know of a recipe. */
export interface Facts {
  recipe: string;
  driver: DriverName;
  /** The stack of the warm app. */
  stack: string;
  release: ReleaseFacts;
  /** What an upgrade to the release starts from; null where there is none. */
  base: ReleaseFacts | null;
  /** The release as an app of the base would read it, which keeps its `.env`; null where there is no base. */
  upgraded: ReleaseFacts | null;
  /** Whether variables come from the `setup` of a provider, which only a deploy can know. */
  hasSetup: boolean;
  /** The tags that are releases. */
  releases: readonly string[];
  /** Tags of any kind. */
  lightweightTags: readonly string[];
  /** The tests that are planned for the release. */
  tests: readonly TestText[];
  /** Every image that a compose file of any release names; variables filled in with all that they ever were. */
  knownImages: ReadonlySet<string>;
}

/**
 * What stands further right was not written by hand, and is not looked at: some rules look at a line from each of its
 * places.
 */
const LONGEST_LINE = 500;

/** The lines of a text, counted from 1. */
export function linesOf(text: string): { line: number; text: string }[] {
  return text
    .split(/\r?\n/)
    .map((content, index) => ({ line: index + 1, text: content.slice(0, LONGEST_LINE) }));
}

/** Whether a text is made with variables. */
export function isFilledIn({ raw }: Text): boolean {
  return /\$(?!\$)/.test(raw.replaceAll("$$", ""));
}
