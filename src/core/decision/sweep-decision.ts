import { provenRecord } from "../canonical.ts";
import { latestRelease, type Release, readTags } from "../release-tag.ts";
import { oneLine } from "../text/one-line.ts";
import { compareVersions, parseVersion } from "../version.ts";
import { DECISION_REASONS, type Decision, type Finding } from "./decision.ts";
import type { Judged, RecipeFacts } from "./facts.ts";
import { RULES } from "./rules.ts";

/** Characters shown of text from outside (git, a record, a hold). */
const LONGEST_DETAIL = 1000;

/**
 * Decides what a sweep does with a recipe. Pure: no clock, no disk, no log, and no commit of a branch, so untagged
 * commits cannot trigger a run. All rules are asked; the first reason of `DECISION_REASONS` that applies decides, and
 * all are kept.
 */
export function sweepDecision(facts: RecipeFacts): Decision {
  const judged = judge(facts);
  const findings = RULES.map((rule) => rule(judged))
    .filter((finding): finding is Finding => finding !== null)
    .map((finding) => ({ ...finding, detail: oneLine(finding.detail, LONGEST_DETAIL) }))
    .sort((a, b) => DECISION_REASONS.indexOf(a.reason) - DECISION_REASONS.indexOf(b.reason));
  const deciding = findings[0];
  if (deciding === undefined) throw new Error(`no rule of sweepDecision applies to ${facts.recipe}`);
  return {
    recipe: facts.recipe,
    ...deciding,
    findings,
    latest: judged.latest && {
      version: judged.latest.name,
      commit: judged.latest.commit,
      tagObject: judged.latest.object,
    },
    canonical: judged.canonical,
    notReleases: judged.tags.notReleases,
  };
}

function judge(facts: RecipeFacts): Judged {
  const tags = readTags(facts.mirror.state === "synced" ? facts.mirror.tags : []);
  const latest = latestRelease(tags.releases, facts.broken);
  const record = provenRecord(facts.record);
  const canonical = record && { version: record.version, commit: record.commit };
  const hasNone = canonical === null && (facts.record.state === "absent" || facts.record.state === "read");
  return { facts, tags, latest, canonical, hasNone, order: orderOf(latest, canonical?.version ?? null) };
}

function orderOf(latest: Release | null, canonical: string | null): number | null {
  if (latest === null || canonical === null) return null;
  if (latest.name === canonical) return 0;
  const parsed = parseVersion(canonical);
  return "problem" in parsed ? 1 : compareVersions(latest.version, parsed.version);
}
