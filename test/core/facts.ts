import type { Canonical, RecordReading } from "../../src/core/canonical.ts";
import type { RecipeFacts } from "../../src/core/decision/facts.ts";
import type { TagRef } from "../../src/core/release-tag.ts";

/** A commit for a name: the same name has the same commit, and another one has another. */
function commitOf(name: string): string {
  const digits = [...name].map((character) => (character.codePointAt(0) ?? 0).toString(16)).join("");
  return digits.padEnd(40, "0").slice(-40);
}

export function tag(name: string, commit = commitOf(name)): TagRef {
  return { name, object: commitOf(`object of ${name}`), commit };
}

/** The record of a canonical at a version, idle unless said otherwise. */
export function recordAt(version: string, more: Partial<Canonical> = {}): RecordReading {
  const record: Canonical = {
    recipe: "gitea",
    version,
    commit: commitOf(version),
    status: "idle",
    ts: "2026-06-17T05:03:14.000Z",
    ...more,
  };
  return { state: "read", record };
}

/** Facts of a recipe that upstream has released once and that has no canonical, unless said otherwise. */
export function factsWith(more: Partial<RecipeFacts> & { tags?: readonly TagRef[] } = {}): RecipeFacts {
  const { tags = [tag("1.0.0+1.0.0")], ...rest } = more;
  return {
    recipe: "gitea",
    hold: null,
    mirror: { state: "synced", tags, askedAt: "2026-06-21T03:00:00.000Z" },
    record: { state: "absent" },
    broken: {},
    requires: [],
    ...rest,
  };
}
