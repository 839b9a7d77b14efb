import type { CommandRecord } from "../command/step.ts";
import type { RecipeReport } from "../core/report.ts";
import type { ServiceState } from "../driver/driver.ts";

export const BRIEF_SCHEMA = 1;

/** The failure report of one recipe: `brief.json`, and what `brief.md` is written from. */
export interface Brief {
  schema: typeof BRIEF_SCHEMA;
  recipe: string;
  run: string;
  label: string;
  /** The tested release, with its commit in full. */
  target: RecipeReport["target"];
  canonical: RecipeReport["canonicalBefore"];
  /** What broke, in the first words that said so. */
  failure: string;
  tiers: RecipeReport["tiers"];
  /** Tiers that were planned and not reached. */
  notReached: string[];
  commands: CommandRecord[];
  warnings: string[];
  services: ServiceState[];
  promotion: RecipeReport["promotion"];
  environment: string;
  /** Where the evidence stands, below the run's folder. */
  evidence: string;
  /** One command that reproduces it. */
  reproduce: string;
  notKnown: string[];
}

export interface BriefFacts {
  run: string;
  /** The fingerprint of the tools. */
  fingerprint: string;
  services: ServiceState[];
  commands: CommandRecord[];
}

/** What is known of a recipe that is neither PASS nor SKIP. */
export function briefOf(row: RecipeReport, facts: BriefFacts): Brief {
  return {
    schema: BRIEF_SCHEMA,
    recipe: row.recipe,
    run: facts.run,
    label: row.label,
    target: row.target,
    canonical: row.canonicalBefore,
    failure: failureOf(row),
    tiers: row.tiers,
    notReached: row.tiers.filter((end) => end.status === "not-reached").map((end) => end.tier),
    commands: facts.commands,
    warnings: row.warnings ?? [],
    services: facts.services,
    promotion: row.promotion,
    environment: facts.fingerprint,
    evidence: row.recipe,
    reproduce: reproduce(row),
    notKnown: notKnown(row),
  };
}

function failureOf(row: RecipeReport): string {
  const red = row.tiers.find((end) => end.status === "failed");
  return red?.reason ?? row.promotion?.reason ?? row.detail;
}

function reproduce(row: RecipeReport): string {
  const tag = row.target?.tagObject == null ? "" : ` --tag ${quoted(row.target.version)}`;
  const ref = row.target !== null && row.target.tagObject === null ? ` --ref ${row.target.commit}` : "";
  return `canonical-sweep run ${row.recipe}${tag}${ref}`;
}

// A tag's name is upstream's: what is copied into a shell may not be more than a name.
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function notKnown(row: RecipeReport): string[] {
  const reached = row.tiers.filter((end) => end.status === "not-reached");
  const tiers = reached.map((end) => `whether ${end.tier} passes: not reached because of ${end.because}`);
  return tiers.length === 0 ? ["whether it fails again: it was tried once"] : tiers;
}
