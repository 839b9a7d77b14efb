import { z } from "zod";
import { BOUNDS } from "../core/bounds.ts";

const Tag = z.strictObject({ name: z.string(), object: z.string(), commit: z.string() });

/** Upstream's default branch and tags. An upstream without a commit has neither. */
export const UpstreamRefs = z.strictObject({
  /** The branch that HEAD names, without `refs/heads/`; null if HEAD names none or the server does not say. */
  defaultBranch: z.string().nullable(),
  /** The commit of HEAD; null if HEAD names a branch that does not exist. */
  head: z.string().nullable(),
  /** By name. A tag usually leads to a commit, rarely to a tree or a file: git does not say here. */
  tags: z.array(Tag),
});
export type UpstreamRefs = z.infer<typeof UpstreamRefs>;

/** One ref and the object that it names. */
export interface Ref {
  name: string;
  object: string;
}

/**
 * Reads the output of `git ls-remote --symref`. Skips refs other than HEAD and tags, since git's patterns match more
 * than was asked for. A name that git itself does not allow is a problem, never left out; so are more tags, or longer
 * names, than are mirrored.
 */
export function parseUpstreamRefs(text: string): { refs: UpstreamRefs } | { problem: string } {
  const listing = parseListing(text);
  if ("problem" in listing) return listing;
  const tagged = new Map<string, { object: string; commit: string }>();
  for (const { name, object } of listing.refs) {
    if (!name.startsWith("refs/tags/")) continue;
    if (name.endsWith("^{}")) setPeeled(tagged, name.slice("refs/tags/".length, -"^{}".length), object);
    else tagged.set(name.slice("refs/tags/".length), { object, commit: object });
  }
  const problem = tagsProblem(tagged);
  if (problem !== null) return { problem };
  const tags = [...tagged].map(([name, tag]) => ({ name, ...tag }));
  const head = listing.refs.find((ref) => ref.name === "HEAD")?.object ?? null;
  return { refs: { defaultBranch: head === null ? null : listing.headBranch, head, tags: byName(tags) } };
}

function tagsProblem(tagged: ReadonlyMap<string, unknown>): string | null {
  if (tagged.size > BOUNDS.tags)
    return `upstream has ${tagged.size} tags; at most ${BOUNDS.tags} are mirrored`;
  const long = [...tagged.keys()].find((name) => Buffer.byteLength(name) > BOUNDS.tagBytes);
  if (long === undefined) return null;
  const shown = JSON.stringify(long.slice(0, 60));
  return `upstream has a tag of ${Buffer.byteLength(long)} bytes, ${shown}…; at most ${BOUNDS.tagBytes} are mirrored`;
}

/** Reads every ref of the output of `git ls-remote`, peeled lines included. */
export function parseListing(text: string): { refs: Ref[]; headBranch: string | null } | { problem: string } {
  const refs: Ref[] = [];
  let headBranch: string | null = null;
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const tab = line.indexOf("\t");
    if (tab < 0) return { problem: `not a line of ls-remote: ${JSON.stringify(line.slice(0, 200))}` };
    const [left, name] = [line.slice(0, tab), line.slice(tab + 1)];
    const symref = /^ref: refs\/heads\/(.+)$/.exec(left)?.[1];
    if (left.startsWith("ref: ")) {
      if (symref !== undefined && !isRefName(symref)) return { problem: notAllowed(symref) };
      if (name === "HEAD") headBranch = symref ?? null;
    } else {
      if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(left))
        return { problem: `not a line of ls-remote: ${JSON.stringify(line.slice(0, 200))}` };
      if (!isRefName(name.replace(/\^\{\}$/, ""))) return { problem: notAllowed(name) };
      refs.push({ name, object: left });
    }
  }
  return { refs, headBranch };
}

/**
 * Whether git allows this as the name of a ref (git-check-ref-format); such a name is neither a pattern nor a refspec.
 */
export function isRefName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what git refuses.
  const forbidden = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$|^\.|\/\.|\.lock$|\.lock\/|^@$/;
  return name !== "" && !forbidden.test(name);
}

function setPeeled(
  tagged: Map<string, { object: string; commit: string }>,
  name: string,
  commit: string,
): void {
  const tag = tagged.get(name);
  if (tag !== undefined) tag.commit = commit;
}

function notAllowed(name: string): string {
  return `upstream has a ref with a name that git does not allow: ${JSON.stringify(name.slice(0, 200))}`;
}

function byName<T extends { name: string }>(items: T[]): T[] {
  return items.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
