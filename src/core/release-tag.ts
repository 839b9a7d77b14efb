import { compareVersions, parseVersion, type Version } from "./version.ts";

/** A tag as `git ls-remote` shows it. */
export interface TagRef {
  name: string;
  /** The object that the tag names: the tag object, or the commit for a lightweight tag. */
  object: string;
  /** The commit of the tag after peeling (`^{}`). */
  commit: string;
}

/** A tag that is a release. */
export interface Release extends TagRef {
  version: Version;
}

export interface NotARelease {
  name: string;
  reason: string;
}

export interface TagReading {
  /** Oldest first. */
  releases: Release[];
  notReleases: NotARelease[];
}

/** Sorts tags into releases, oldest first, and others with the reason for each. */
export function readTags(tags: readonly TagRef[]): TagReading {
  const releases: Release[] = [];
  const notReleases: NotARelease[] = [];
  for (const tag of tags) {
    const parsed = parseVersion(tag.name);
    if ("version" in parsed) releases.push({ ...tag, version: parsed.version });
    else notReleases.push({ name: tag.name, reason: parsed.problem });
  }
  releases.sort((a, b) => compareVersions(a.version, b.version));
  return { releases, notReleases };
}

/** The newest release that is not `broken`, or null. `releases` are oldest first. */
export function latestRelease(releases: readonly Release[], broken: Broken): Release | null {
  return releases.findLast((release) => !isBroken(release.name, broken)) ?? null;
}

/**
 * The release from which an upgrade to `target` starts: the canonical if strictly older than the target, else the
 * newest published one that is strictly older and not `broken`; null if there is none.
 */
export function upgradeBase(
  releases: readonly Release[],
  target: string,
  canonical: string | null,
  broken: Broken,
): Release | null {
  const goal = parseVersion(target);
  const older = releases.filter(
    (release) =>
      !isBroken(release.name, broken) &&
      ("problem" in goal || compareVersions(release.version, goal.version) < 0),
  );
  return older.find((release) => release.name === canonical) ?? older.at(-1) ?? null;
}

export type Broken = Readonly<Record<string, string>>;

/** Whether `broken:` names this release: such a release is never tested and never a base. */
export function isBroken(name: string, broken: Broken): boolean {
  return Object.hasOwn(broken, name);
}
