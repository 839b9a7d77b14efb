import { TIERS, type Tier } from "../../src/core/tier.ts";

/** Versions in the order of the contract, the oldest first. */
export const VERSIONS = [
  "0.9.0+v2.0",
  "1.0.0+1.24",
  "1.0.0+1.24.2",
  "1.0.0+1.24.2-rootless",
  "1.0.0+1.24.10-rootless",
  "1.0.0+v1.25",
  "1.0.1+1.0",
  "1.9.0+1",
  "1.10.0+1",
  "v2.0.0+1",
] as const;

/** What a release is like: green, red at a tier, with a tier that is skipped, or sound until it is to be kept. */
export type Quality = "green" | "install" | "upgrade" | "custom" | "skips-custom" | "fails-when-warm";

/** The qualities as random releases have them: three of eight are green. */
export const RANDOM_QUALITIES: readonly Quality[] = [
  "green",
  "green",
  "green",
  "install",
  "upgrade",
  "custom",
  "skips-custom",
  "fails-when-warm",
];

export interface ExpectedCanonical {
  /** Its place in `VERSIONS`. */
  at: number;
  commit: string;
  /** Whether its cold test had an upgrade: a later one without is weaker. */
  upgraded: boolean;
}

/** What is expected of a recipe, kept beside the program and changed only by what a person or upstream does. */
export interface ExpectedRecipe {
  tags: Map<number, { commit: string; quality: Quality }>;
  broken: Set<number>;
  held: boolean;
  canonical: ExpectedCanonical | null;
}

export interface ExpectedSweep {
  /** The label, or how it begins where details follow. */
  label: string;
  canonical: ExpectedCanonical | null;
  tested: boolean;
}

export function newRecipe(): ExpectedRecipe {
  return { tags: new Map(), broken: new Set(), held: false, canonical: null };
}

/** What a sweep has to make of a recipe: the table of the contract, told a second time. */
export function expectSweep(recipe: ExpectedRecipe): ExpectedSweep {
  const { canonical, tags } = recipe;
  const untouched = (label: string): ExpectedSweep => ({ label, canonical, tested: false });
  if (recipe.held) return untouched("SKIP held (");
  const moved =
    canonical !== null && (tags.get(canonical.at)?.commit ?? canonical.commit) !== canonical.commit;
  if (moved) return untouched("BLOCKED (tag-moved");
  const latest = newest(recipe, VERSIONS.length);
  if (latest === null && canonical === null) return untouched("SKIP never-released");
  if (latest === null || (canonical !== null && latest <= canonical.at))
    return untouched("SKIP no-new-version");
  return expectTest(recipe, latest);
}

/** The release from which an upgrade to another one starts. */
function expectBase(recipe: ExpectedRecipe, target: number): number | null {
  const own = recipe.canonical?.at ?? -1;
  const usable = own >= 0 && own < target && recipe.tags.has(own) && !recipe.broken.has(own);
  return usable ? own : newest(recipe, target);
}

function expectTest(recipe: ExpectedRecipe, at: number): ExpectedSweep {
  const release = recipe.tags.get(at);
  const { canonical } = recipe;
  const before = canonical === null ? "none" : VERSIONS[canonical.at];
  const base = expectBase(recipe, at);
  const stays = (label: string): ExpectedSweep => ({ label, canonical, tested: true });
  const quality = release?.quality ?? "green";
  if (isTier(quality) && (quality !== "upgrade" || base !== null))
    return stays(`FAIL (red at ${quality}; canonical unchanged: ${before})`);
  if (quality === "skips-custom") return stays(`PASS-NOT-PROMOTED (${VERSIONS[at]}; custom skipped: `);
  if (canonical?.upgraded && base === null) return stays(`PASS-NOT-PROMOTED (${VERSIONS[at]}; weakened: `);
  if (quality === "fails-when-warm")
    return stays(`GREEN-BUT-PROMOTE-FAILED (canonical=${before}, expected ${VERSIONS[at]})`);
  const promoted = { at, commit: release?.commit ?? "", upgraded: base !== null };
  return { label: `PASS (promoted ${VERSIONS[at]})`, canonical: promoted, tested: true };
}

function isTier(quality: Quality): quality is Quality & Tier {
  return TIERS.some((tier) => tier === quality);
}

function newest({ tags, broken }: ExpectedRecipe, below: number): number | null {
  const places = [...tags.keys()].filter((at) => at < below && !broken.has(at));
  return places.length === 0 ? null : Math.max(...places);
}
