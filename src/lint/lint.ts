import { join } from "node:path";
import { readRecord } from "../canonical/store.ts";
import type { RecipeConfig } from "../config/config.ts";
import { provenRecord } from "../core/canonical.ts";
import { isBroken, latestRelease, type Release, readTags, upgradeBase } from "../core/release-tag.ts";
import { sideBySide } from "../core/side-by-side.ts";
import { stackName } from "../core/stack-name.ts";
import { TIERS } from "../core/tier.ts";
import { messageOf } from "../fault.ts";
import type { Context } from "../run/context.ts";
import { lockHolder, takeLock } from "../run/lock.ts";
import { readContainedText } from "../state/contained-file.ts";
import { listTestFiles } from "../state/test-folder.ts";
import { readTests } from "../sweep/cold-test/test-facts.ts";
import { checkRelease } from "./check.ts";
import type { Facts, TestText } from "./facts.ts";
import type { Finding, IgnoredFinding } from "./finding.ts";
import { openHistory, type RepositoryView, readFiles, readImages } from "./lint-history.ts";
import { readReleaseFacts } from "./read-release.ts";

/** Recipes linted at a time: most of the work is on this machine. */
const LINTED_AT_A_TIME = 8;

/** The findings in one recipe; `problem` if it could not be read. */
export interface LintRow {
  recipe: string;
  /** The release, or the commit of a recipe without one. */
  version: string | null;
  commit: string | null;
  problem: string | null;
  findings: Finding[];
  ignored: IgnoredFinding[];
}

export interface LintReport {
  rows: LintRow[];
  /** Remarks for the reader about how it was made. */
  notes: string[];
}

/**
 * Judges the latest release of each recipe by the rules. Deploys nothing, and changes only the mirror cache; without
 * `sync`, or while a run holds the lock, it uses cached data.
 */
export async function lintRecipes(
  context: Context,
  options: { recipes: readonly string[]; sync: boolean },
): Promise<LintReport> {
  const wanted = context.config.recipes.filter(({ recipe, enrolled }) =>
    options.recipes.length === 0 ? enrolled : options.recipes.includes(recipe),
  );
  const holder = options.sync ? await lockHolder(context) : null;
  const sync = options.sync && holder === null;
  // The state folder's own lock stays free: a sweep must never wait for a mere look.
  const { lintLock } = context.state;
  const lock = sync && wanted.length > 0 ? await takeLock(context, "lint", "lint", lintLock) : null;
  try {
    const rows = await sideBySide(wanted, LINTED_AT_A_TIME, (recipe) => lintRecipe(context, recipe, sync));
    return { rows, notes: notesOf(options.sync, holder !== null) };
  } finally {
    lock?.release();
  }
}

function notesOf(asked: boolean, isBeside: boolean): string[] {
  if (!asked) return ["upstream was not asked: cached facts may be old"];
  return isBeside ? ["a run is at work: cached releases are checked"] : [];
}

async function lintRecipe(context: Context, recipe: RecipeConfig, sync: boolean): Promise<LintRow> {
  const row: LintRow = {
    recipe: recipe.recipe,
    version: null,
    commit: null,
    problem: null,
    findings: [],
    ignored: [],
  };
  try {
    const opened = await openHistory(context, recipe, sync);
    if (!opened.ok) return { ...row, problem: opened.failure.message };
    const target = targetOf(opened.value, recipe);
    if (target === null) return { ...row, problem: "upstream has neither a release nor a commit" };
    const facts = await factsOf(context, recipe, opened.value, target);
    if (!facts.ok) return { ...row, ...target, problem: facts.failure.message };
    return { ...row, ...target, ...checkRelease(facts.value) };
  } catch (error) {
    return { ...row, problem: messageOf(error) };
  }
}

interface Target {
  version: string;
  commit: string;
}

// A recipe that was never released is read from its main branch, as a future release.
function targetOf({ refs }: RepositoryView, { broken }: RecipeConfig): Target | null {
  const latest = latestRelease(readTags(refs.tags).releases, broken);
  if (latest !== null) return { version: latest.name, commit: latest.commit };
  return refs.head === null ? null : { version: refs.head.slice(0, 12), commit: refs.head };
}

async function factsOf(
  context: Context,
  recipe: RecipeConfig,
  view: RepositoryView,
  target: Target,
): Promise<{ ok: true; value: Facts } | { ok: false; failure: { message: string } }> {
  const { releases } = readTags(view.refs.tags);
  const from = baseOf(context, recipe, releases, target);
  const files = await readFiles(view, target.commit);
  if (!files.ok) return files;
  const older = from === null ? null : await readFiles(view, from.commit);
  if (older !== null && !older.ok) return older;
  const images = await readImages(view, releases);
  if (!images.ok) return images;
  const release = readReleaseFacts(target.version, files.value, recipe);
  const base = from === null || older === null ? null : readReleaseFacts(from.name, older.value, recipe);
  return {
    ok: true,
    value: {
      driver: recipe.driver,
      stack: stackName(recipe.domain),
      release,
      base,
      upgraded: base === null ? null : readReleaseFacts(target.version, files.value, recipe, base.entries),
      hasSetup: recipe.requires.some(({ setup }) => setup !== undefined),
      releases: releases.map(({ name }) => name),
      lightweightTags: view.refs.tags
        .filter(({ object, commit }) => object === commit)
        .map(({ name }) => name),
      tests: releases.length === 0 ? [] : readTestTexts(recipe, target.version),
      knownImages: images.value,
    },
  };
}

// As in the cold test: the canonical's release if it is older, else the newest older one.
function baseOf(
  context: Context,
  { recipe, broken }: RecipeConfig,
  releases: readonly Release[],
  { version }: Target,
): Release | null {
  if (releases.every(({ name }) => name !== version))
    return releases.findLast(({ name }) => !isBroken(name, broken)) ?? null;
  const canonical = provenRecord(readRecord(context.state.canonical(recipe), recipe))?.version ?? null;
  return upgradeBase(releases, version, canonical, broken);
}

/** Bytes; a longer test is a built program, not a text. */
const LONGEST_TEST = 256 * 1024;

/** The operator's tests planned for a release, and those of its data, as far as they are texts. */
function readTestTexts(recipe: RecipeConfig, version: string): TestText[] {
  const { byTier } = readTests(recipe.folder, recipe, version, false);
  const planned = TIERS.flatMap((tier) => byTier[tier]).filter((test) => test.planned);
  const ofData = listTestFiles(join(recipe.folder, "tests/data")).map(({ name }) => `data/${name}`);
  return [...planned.map(({ name }) => name), ...ofData].flatMap((name): TestText[] => {
    const file = `tests/${name}`;
    const text = textOf(recipe.folder, file);
    return text === null || text.includes("\0") ? [] : [{ file, text }];
  });
}

// A test may be a link to anything; the sweep reports one that is not text below the folder.
function textOf(folder: string, file: string): string | null {
  try {
    return readContainedText(folder, file, LONGEST_TEST);
  } catch {
    return null;
  }
}
