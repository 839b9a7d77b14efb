import { readKept, readRecord } from "../canonical/store.ts";
import type { LaneConfig, RecipeConfig } from "../config/config.ts";
import type { App } from "../core/app.ts";
import { type Canonical, provenRecord } from "../core/canonical.ts";
import type { Arm } from "../core/cause/evidence.ts";
import type { VersionRef } from "../core/decision/decision.ts";
import type { InvestigationRun } from "../core/records/investigation.ts";
import { readTags, type TagRef, upgradeBase } from "../core/release-tag.ts";
import { Fault } from "../fault.ts";
import { warmApp } from "../run/app-under-test.ts";
import { cachedAnswer } from "../run/ask-upstream.ts";
import { configuredRecipe } from "../run/configured-recipe.ts";
import { laneOfRecord } from "../run/lanes.ts";
import type { Run } from "../run/run.ts";
import { syncRecipes } from "../sweep/sync/sync-recipes.ts";
import { type Control, findControl } from "./control.ts";
import type { Red } from "./find-red.ts";
import type { HostWatch } from "./host.ts";

export interface InvestigationRequest {
  recipe: string;
  /** At most this many runs of a kind. */
  runs: number;
  /** Workers of the load; 0: no run under load. */
  load: number;
  /** Runs even on a busy host: no red then counts as alone. */
  busy: boolean;
}

/** A running investigation. */
export interface Session {
  run: Run;
  recipe: RecipeConfig;
  lane: LaneConfig;
  red: Red;
  tags: readonly TagRef[];
  canonical: Canonical | null;
  /** The canonical's release, else the newest older one; null if there is none. */
  knownGood: (VersionRef & { isCanonical: boolean }) | null;
  control: Control | { notPossible: string };
  host: HostWatch;
  runs: InvestigationRun[];
  /** Why a kind of runs cannot be made, as far as found out. */
  notPossible: Map<Arm, string>;
  /** All red runs alone failed with their own error, not by exceeding a limit. */
  isDefinite: boolean;
  /** Findings of `lint` in the release that are known to break at this point. */
  lint: string[];
  load: { workers: number; busy: number; writtenBytes: number } | null;
}

/** Gathers everything for an investigation. The mirror is asked only if it does not know the tags yet. */
export async function openSession(run: Run, red: Red, host: HostWatch): Promise<Session> {
  const { context } = run;
  const recipe = configuredRecipe(context, red.row.recipe);
  const tags = await tagsOf(run, recipe);
  const record = readRecord(context.state.canonical(recipe.recipe), recipe.recipe);
  const canonical = provenRecord(record);
  return {
    run,
    recipe,
    lane: laneOfRecord(context.config, record),
    red,
    tags,
    canonical,
    knownGood: knownGoodOf(recipe, red, tags, canonical),
    control: findControl(run, recipe),
    host,
    runs: [],
    notPossible: new Map(),
    isDefinite: red.facts.isDefinite,
    lint: [],
    load: null,
  };
}

/** The warm app of the canonical, whose data is copied for a run. */
export function canonicalApp({ run, recipe, lane }: Session): App {
  return warmApp(run, recipe, lane, readKept(run.context.state.canonical(recipe.recipe).kept));
}

/** The release from which an upgrade to this one starts; null if there is none. */
export function baseOf({ recipe, tags, canonical }: Session, version: string): VersionRef | null {
  const base = upgradeBase(readTags(tags).releases, version, canonical?.version ?? null, recipe.broken);
  return base === null ? null : { version: base.name, commit: base.commit };
}

async function tagsOf(run: Run, recipe: RecipeConfig): Promise<readonly TagRef[]> {
  const cached = cachedAnswer(run.context, recipe);
  if (cached.state === "synced") return cached.tags;
  const [synced] = await syncRecipes(run, [recipe]);
  if (synced?.mirror.state === "synced") return synced.mirror.tags;
  throw new Fault(
    "machinery",
    `the tags of ${recipe.recipe} are not known: ${synced?.mirror.problem ?? cached.problem}`,
    "see that upstream answers, then investigate again",
  );
}

function knownGoodOf(
  recipe: RecipeConfig,
  { target }: Red,
  tags: readonly TagRef[],
  canonical: Canonical | null,
): Session["knownGood"] {
  if (canonical !== null && canonical.commit !== target.commit)
    return { version: canonical.version, commit: canonical.commit, isCanonical: true };
  const older = upgradeBase(readTags(tags).releases, target.version, null, recipe.broken);
  if (older === null || older.commit === target.commit) return null;
  return { version: older.name, commit: older.commit, isCanonical: false };
}
