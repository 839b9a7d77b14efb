import type { ComposeFile, SectionName } from "../compose/compose.ts";
import type { LocatedEntry, Problem, Text } from "../compose/located.ts";
import type { DriverName } from "../core/driver-traits.ts";
import type { Service } from "./service.ts";

/** A file of a commit; its content is null if it is not readable text (too long, binary). */
export interface ReleaseFile {
  /** Git's id of the content. */
  object: string;
  text: string | null;
}

export type ReleaseFiles = ReadonlyMap<string, ReleaseFile>;

/** The content of several compose files together, with its places. */
export interface Compose {
  /** In the order of merging. */
  files: ComposeFile[];
  services: ReadonlyMap<string, Service>;
  /** By section and key, from the last file that has it: Docker replaces such a definition whole. */
  definitions: Readonly<Record<Exclude<SectionName, "services">, ReadonlyMap<string, LocatedEntry>>>;
  /** Why nothing would be deployed from them. */
  problems: Problem[];
  /** Places that another reader might read differently. */
  doubts: Problem[];
}

export type ComposeReading =
  | { state: "read"; compose: Compose }
  /** Apps deployed by `commands:` need none. */
  | { state: "absent" }
  | { state: "unreadable"; problems: Problem[] };

/** A release as its deploy would read it. */
export interface ReleaseFacts {
  /** The tag, or the commit if there is no tag yet. */
  version: string;
  files: ReleaseFiles;
  /** `.env.sample`, the recipe's `env:` and the exports of `abra.sh`. */
  variables: Readonly<Record<string, string>>;
  compose: ComposeReading;
}

/** One of the operator's own tests. */
export interface TestText {
  /** Relative to the recipe's configuration folder: `tests/custom/login`. */
  file: string;
  text: string;
}

/** All facts about a recipe for the rules. */
export interface Facts {
  driver: DriverName;
  /** The stack of the warm app. */
  stack: string;
  release: ReleaseFacts;
  /** The release from which an upgrade to this one starts; null if there is none. */
  base: ReleaseFacts | null;
  /** The release as read by an app of the base, which keeps its `.env`; null without a base. */
  upgraded: ReleaseFacts | null;
  /** Whether some variables come from a provider's `setup`, which only a deploy can know. */
  hasSetup: boolean;
  /** The release tags. */
  releases: readonly string[];
  /** Tags of any kind. */
  lightweightTags: readonly string[];
  /** The tests planned for the release. */
  tests: readonly TestText[];
  /** Every image that a compose file of any release names, with all past values of its variables. */
  knownImages: ReadonlySet<string>;
}

/** Text further right was not written by hand and is skipped: some rules start at each place of a line. */
const LONGEST_LINE = 500;

/** The lines of a text, counted from 1. */
export function linesOf(text: string): { line: number; text: string }[] {
  return text
    .split(/\r?\n/)
    .map((content, index) => ({ line: index + 1, text: content.slice(0, LONGEST_LINE) }));
}

/** Whether a text contains variables. */
export function isFilledIn({ raw }: Text): boolean {
  return /\$(?!\$)/.test(raw.replaceAll("$$", ""));
}
