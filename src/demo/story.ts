import type { SampleRelease } from "./sample-release.ts";
import { COMMON_TESTS, DATA_TESTS, TEST_OF_PULL_REQUEST, TEST_WITH_MISSING_TOOL } from "./scripts.ts";

export type Published = Omit<SampleRelease, "name">;

/** A sample recipe: its upstream, its configuration, and the label that it deserves. */
export interface SampleRecipe {
  recipe: string;
  /** Its purpose, for people. */
  shows: string;
  /** Releases before the first sweep; null: the upstream does not exist. */
  releases: readonly Published[] | null;
  /** Events upstream between the sweeps. */
  later?: { releases?: readonly Published[]; untagged?: boolean };
  /** Tags that are not releases. */
  otherTags?: readonly string[];
  /** Its tests, by their path in the recipe's folder. */
  tests: Readonly<Record<string, string>>;
  /** `tests:` of its `recipe.yaml`. */
  rules?: Readonly<Record<string, { only: "ref"; reason: string }>>;
  /** The fault in its deployment. */
  trouble?: "answers-404-when-warm" | "restores-nothing" | "read-only-settings";
  /** The reason of its hold. */
  held?: string;
  /** The labels of the first and the second sweep; after a final `…` any text may follow. */
  labels: readonly [string, string];
}

const PROVABLE = { ...COMMON_TESTS, ...DATA_TESTS };
const V1 = "1.0.0+v1.0";
const V11 = "1.1.0+v1.1";
const V2 = "2.0.0+v2.0";

/** During the test of this recipe the first sweep is asked to stop, so that later ones are not run. */
export const STOPPED_DURING = "wiki";

/** Every label once, and the rows of a real week. The names are in the order of the tests. */
export const SAMPLES: readonly SampleRecipe[] = [
  {
    recipe: "board",
    shows: "healthy when cold, answers 404 as the warm app: a failed seed leaves nothing behind",
    releases: [{ version: V1 }],
    tests: PROVABLE,
    trouble: "answers-404-when-warm",
    labels: repeated(`GREEN-BUT-PROMOTE-FAILED (canonical=none, expected ${V1})`),
  },
  {
    recipe: "calendar",
    shows: "on hold: not tested until a date, and never forgotten",
    releases: [{ version: V1 }],
    tests: PROVABLE,
    held: "waits for a new time zone database",
    labels: repeated("SKIP held (waits for a new time zone database, until …"),
  },
  {
    recipe: "draft",
    shows: "has a tag, but no release",
    releases: [],
    otherTags: ["nightly"],
    tests: PROVABLE,
    labels: repeated("SKIP never-released"),
  },
  {
    recipe: "forum",
    shows: "the release to upgrade from cannot be deployed any more: an upgrade that is not proven",
    releases: [{ version: V1, quirk: "image-gone" }, { version: V11 }],
    tests: PROVABLE,
    labels: repeated(`PASS-NOT-PROMOTED (${V11}; …`),
  },
  {
    recipe: "gallery",
    shows: "has no tests of its data: promoted, and the label says what is not known",
    releases: [{ version: V1 }],
    tests: COMMON_TESTS,
    labels: [`PASS (promoted ${V1}; data not proven)`, "SKIP no-new-version"],
  },
  {
    recipe: "ledger",
    shows: "its restore exits 0 and brings nothing back",
    releases: [{ version: V1 }],
    tests: PROVABLE,
    trouble: "restores-nothing",
    labels: repeated("FAIL (red at restore; canonical unchanged: none)"),
  },
  {
    recipe: "mail",
    shows: "its upstream is gone: never tested against a stale mirror",
    releases: null,
    tests: PROVABLE,
    labels: repeated("BLOCKED (sync-failed…"),
  },
  {
    recipe: "notes",
    shows: "a good recipe: seeded, then advanced to the release of the second week",
    releases: [{ version: V1 }],
    later: { releases: [{ version: V11 }] },
    tests: PROVABLE,
    labels: [`PASS (promoted ${V1})`, `PASS (promoted ${V11})`],
  },
  {
    recipe: "paste",
    shows: "2.0.0 is green from nothing and dies on the settings of the warm app: rolled back",
    releases: [{ version: V1 }],
    later: { releases: [{ version: V2, quirk: "rewrites-settings" }] },
    tests: PROVABLE,
    trouble: "read-only-settings",
    labels: [`PASS (promoted ${V1})`, `GREEN-BUT-PROMOTE-FAILED (canonical=${V1}, expected ${V2})`],
  },
  {
    recipe: "search",
    shows: "a test calls a tool that is not there: the machine's fault, not the recipe's",
    releases: [{ version: V1 }],
    tests: { ...PROVABLE, "tests/custom/finds-a-word": TEST_WITH_MISSING_TOOL },
    labels: repeated("BLOCKED (machinery…"),
  },
  {
    recipe: "wiki",
    shows: "good; its pull request's test waits, and new commits without a tag start nothing",
    releases: [{ version: V1 }],
    later: { untagged: true },
    tests: { ...PROVABLE, "tests/custom/new-login": TEST_OF_PULL_REQUEST },
    rules: { "custom/new-login": { only: "ref", reason: "belongs to an open pull request" } },
    labels: [`PASS (promoted ${V1})`, "SKIP no-new-version"],
  },
  {
    recipe: "zine",
    shows: "the first sweep was asked to stop before its turn; the second one takes it up",
    releases: [{ version: V1 }],
    tests: PROVABLE,
    labels: ["NOT-RUN (…", `PASS (promoted ${V1})`],
  },
];

function repeated(label: string): [string, string] {
  return [label, label];
}
