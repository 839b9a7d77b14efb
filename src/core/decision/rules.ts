import type { Finding } from "./decision.ts";
import type { Judged } from "./facts.ts";

type Rule = (judged: Judged) => Finding | null;

/** Can change the answer: the hold. */
function held({ facts }: Judged): Finding | null {
  if (facts.hold === null) return null;
  const owner = facts.hold.owner === undefined ? "" : `, owner ${facts.hold.owner}`;
  return {
    action: "SKIP",
    reason: "held",
    detail: `held: ${facts.hold.reason}, until ${facts.hold.until}${owner}`,
    whoActs: "nobody",
    command: `canonical-sweep release ${facts.recipe}`,
  };
}

/** Can change the answer: upstream's answer, and whether the mirror received all of it. */
function syncFailed({ facts }: Judged): Finding | null {
  if (facts.mirror.state !== "failed") return null;
  return {
    action: "BLOCKED",
    reason: "sync-failed",
    detail: facts.mirror.problem,
    whoActs: "operator",
    command: `canonical-sweep plan ${facts.recipe}`,
  };
}

/** Can change the answer: the record's commit, and the commit that its tag names now. */
function tagMoved({ facts, canonical }: Judged): Finding | null {
  if (canonical === null || facts.mirror.state !== "synced") return null;
  // Among all tags: another program's record may name a tag that is not a release.
  const tag = facts.mirror.tags.find(({ name }) => name === canonical.version);
  if (tag === undefined || tag.commit === canonical.commit) return null;
  return {
    action: "BLOCKED",
    reason: "tag-moved",
    detail: `the tag ${canonical.version} named ${canonical.commit} when it was proven and names ${tag.commit} now: look at both commits, then test it and promote it anew`,
    whoActs: "operator",
    command: `canonical-sweep run ${facts.recipe} --accept-moved-tag`,
  };
}

/** Can change the answer: the record on disk, and volumes of a canonical without a record. */
function canonicalUnreadable({ facts }: Judged): Finding | null {
  const { record, recipe } = facts;
  if (record.state === "unreadable")
    return {
      action: "BLOCKED",
      reason: "canonical-unreadable",
      detail: `${record.problem}; nothing is deployed, removed or seeded over it: mend or restore the file, then look again`,
      whoActs: "operator",
      command: `canonical-sweep plan ${recipe}`,
    };
  if (record.state === "orphaned")
    return {
      action: "BLOCKED",
      reason: "canonical-unreadable",
      detail: `volumes of a canonical without a record: ${record.volumes.join(", ")}; take them with \`canonical-sweep adopt ${recipe} --version V\`, or give them up`,
      whoActs: "operator",
      command: `canonical-sweep clean --discard ${recipe}`,
    };
  return null;
}

/** Can change the answer: the release tags that are not `broken`, and whether a canonical exists. */
function neverReleased({ facts, tags, latest, hasNone }: Judged): Finding | null {
  if (facts.mirror.state !== "synced" || latest !== null || !hasNone) return null;
  const seen = tags.releases.length + tags.notReleases.length;
  const detail =
    tags.releases.length > 0
      ? `every release is named in \`broken\` (${tags.releases.length})`
      : `upstream has no release tag${seen > 0 ? ` (${seen} other tags)` : ""}`;
  return { action: "SKIP", reason: "never-released", detail, whoActs: "nobody" };
}

/** Can change the answer: the order of the latest release and the canonical. */
function noNewVersion({ facts, latest, canonical, order }: Judged): Finding | null {
  if (facts.mirror.state !== "synced" || canonical === null) return null;
  if (order !== null && order > 0) return null;
  if (order === 0)
    return {
      action: "SKIP",
      reason: "no-new-version",
      detail: `${canonical.version} is the latest release and is proven`,
      whoActs: "nobody",
    };
  const now = latest === null ? "has no release left" : `has ${latest.name} as its latest release`;
  return {
    action: "SKIP",
    reason: "no-new-version",
    detail: `upstream went back: it ${now}, the canonical is ${canonical.version}`,
    whoActs: "maintainer",
  };
}

/** Can change the answer: the providers that the recipe requires. */
function requires(judged: Judged): Finding | null {
  if (!wouldRun(judged)) return null;
  const missing = judged.facts.requires.filter((provider) => provider.problem !== null);
  const first = missing[0];
  if (first === undefined) return null;
  return {
    action: "BLOCKED",
    reason: "requires",
    detail: missing
      .map((provider) => `${provider.recipe} (${provider.mode}): ${provider.problem}`)
      .join("; "),
    whoActs: "operator",
    command: first.isDown === true ? "canonical-sweep roll" : `canonical-sweep run ${first.recipe}`,
  };
}

/** Can change the answer: whether a canonical exists. */
function seed(judged: Judged): Finding | null {
  if (!wouldRun(judged) || !judged.hasNone) return null;
  return {
    action: "RUN",
    reason: "seed",
    detail: `${judged.latest?.name} is the latest release and there is no canonical yet`,
    whoActs: "nobody",
  };
}

/** Can change the answer: the order of the latest release and the canonical. */
function newRelease(judged: Judged): Finding | null {
  if (!wouldRun(judged) || judged.canonical === null) return null;
  return {
    action: "RUN",
    reason: "new-release",
    detail: `${judged.latest?.name} is newer than the canonical ${judged.canonical.version}`,
    whoActs: "nobody",
  };
}

function wouldRun({ facts, latest, hasNone, order }: Judged): boolean {
  if (facts.mirror.state !== "synced" || latest === null) return false;
  return hasNone || (order !== null && order > 0);
}

/** One rule for each row of the decision table, in its order. */
export const RULES: readonly Rule[] = [
  held,
  syncFailed,
  tagMoved,
  canonicalUnreadable,
  neverReleased,
  noNewVersion,
  requires,
  seed,
  newRelease,
];
