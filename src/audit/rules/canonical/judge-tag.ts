import type { Canonical } from "../../../core/canonical.ts";
import type { TagsSeen } from "../../facts.ts";
import type { Found } from "../../finding.ts";

/** Faults of a record's tag in one repository; empty if it is as recorded. */
export function judgeTag(
  { version, commit, tagObject }: Canonical,
  { place, tags, command }: TagsSeen,
): Found[] {
  if (tags.state === "unseen") return [{ kind: "not-checked", evidence: tags.problem, command }];
  const tag = tags.value.get(version);
  if (tag === undefined) return [{ evidence: `${place} has no tag ${version}`, command }];
  if (tag.commit !== commit)
    return [{ evidence: `${version} is ${tag.commit} in ${place}, and ${commit} in the record`, command }];
  // A record by another program may lack the tag object.
  if (tagObject === undefined || tag.object === tagObject) return [];
  const evidence = `the tag object of ${version} is ${tag.object} in ${place}, and ${tagObject} in the record`;
  return [{ evidence, command }];
}
