import { join } from "node:path";
import type { AppUnderTest } from "../app/under-test.ts";
import { appendHistory, readRecord, writeRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import type { Step } from "../command/step.ts";
import type { RecipeConfig } from "../config/config.ts";
import { describeFailure, type Failure } from "../core/act.ts";
import { type Canonical, provenRecord } from "../core/canonical.ts";
import type { Volume } from "../core/read-back.ts";
import { readTags } from "../core/release-tag.ts";
import { createEvidence } from "../evidence/evidence.ts";
import { Fault } from "../fault.ts";
import { isoTime } from "../log.ts";
import { keepCommit, syncMirrorToDisk } from "../mirror/keep.ts";
import { appUnderTest, warmApp } from "../run/app-under-test.ts";
import { configuredRecipe } from "../run/configured-recipe.ts";
import type { Context } from "../run/context.ts";
import { laneOf } from "../run/lanes.ts";
import { withRun } from "../run/open-run.ts";
import { lastingStep, type Run } from "../run/run.ts";
import { syncRecipes } from "../sweep/sync/sync-recipes.ts";

const LIMIT_MS = 5 * 60_000;

/**
 * Makes data without a record, or with a record of another program, the canonical at this version. It is shown as
 * adopted: this program has not proven it. A record of our own is never overwritten.
 */
export async function adoptCanonical(context: Context, name: string, version: string): Promise<Canonical> {
  const recipe = configuredRecipe(context, name);
  return withRun(context, `adopt ${name}`, async (open) => {
    const paths = context.state.canonical(name);
    const existing = existingRecord(context, name);
    const tag = await findTag(open.run, recipe, version);
    if (existing !== null && existing.version === version && existing.commit !== tag.commit)
      throw new Fault(
        "refused",
        `the record says that ${version} is ${existing.commit}; upstream's tag names ${tag.commit}`,
        "look at both commits before you adopt either",
      );
    const { underTest, step } = await deskOf(open.run, recipe);
    const synced = await syncMirrorToDisk(context.state.mirror(name).bare, context.tools, step);
    if (!synced.ok) throw new Fault("machinery", describeFailure(synced.failure), "look at the mirror");
    const found = await findData(underTest, step);
    const record: Canonical = {
      ...(existing ?? {}),
      recipe: name,
      version,
      commit: tag.commit,
      tagObject: tag.object,
      status: existing?.status ?? recipe.warm,
      ts: isoTime(context.clock),
      run: open.run.id,
      domain: recipe.domain,
      lane: underTest.app.lane.name,
      driver: recipe.driver,
      volumes: found.volumes,
      sentinel: existing?.sentinel ?? "none",
      adopted: true,
      adoptedObjects: found.objects,
    };
    writeRecord(paths, record);
    // Only now may the driver look into volumes that others made.
    const adopted = { ...record, volumes: await measure(underTest, step) };
    writeRecord(paths, adopted);
    appendHistory(paths, {
      ts: record.ts,
      event: "adopted",
      from: existing?.version ?? null,
      to: version,
      run: open.run.id,
      commit: tag.commit,
    });
    return adopted;
  });
}

function existingRecord(context: Context, name: string): Canonical | null {
  const reading = readRecord(context.state.canonical(name), name);
  if (reading.state === "unreadable")
    throw new Fault("refused", reading.problem, "mend the file, or move it away, before you adopt");
  const record = provenRecord(reading);
  if (record !== null && record.schema !== undefined && record.adopted !== true)
    throw new Fault(
      "refused",
      `${name} has a canonical that was proven here: ${record.version}`,
      `to take its word back first: \`canonical-sweep revoke ${name} --reason R\``,
    );
  return record;
}

async function findTag(run: Run, recipe: RecipeConfig, version: string) {
  const { context } = run;
  const [synced] = await syncRecipes(run, [recipe]);
  if (synced?.mirror.state !== "synced")
    throw new Fault(
      "machinery",
      synced?.mirror.problem ?? "upstream gave no answer",
      "look whether upstream answers, then try again",
    );
  const { releases } = readTags(synced.mirror.tags);
  const tag = releases.find((release) => release.name === version);
  if (tag === undefined)
    throw new Fault(
      "usage",
      `${recipe.recipe} has no release ${version}`,
      `releases: ${releases.map((release) => release.name).join(", ") || "none"}`,
    );
  const bare = context.state.mirror(recipe.recipe).bare;
  const kept = await keepCommit(bare, { version, commit: tag.commit, tagObject: tag.object }, context.tools);
  if (!kept.ok) throw new Fault("machinery", describeFailure(kept.failure), "look at the mirror");
  return tag;
}

async function deskOf(run: Run, recipe: RecipeConfig): Promise<{ underTest: AppUnderTest; step: Step }> {
  const { clock, config } = run.context;
  const evidence = createEvidence(join(run.paths.folder, recipe.recipe), run.redactor, clock);
  const step = lastingStep(run, evidence, "adopt", deadlineIn(clock, "adopt", LIMIT_MS));
  const app = warmApp(run, recipe, laneOf(config, null), null);
  return { underTest: await appUnderTest(run, recipe, app), step };
}

// Foreign objects with the warm app's name: an inventory says `volume NAME`, `secret NAME`.
async function findData(
  underTest: AppUnderTest,
  step: Step,
): Promise<{ volumes: Volume[]; objects: string[] }> {
  const inventory = await underTest.driver.inventory(underTest.app, null, step);
  if (!inventory.ok) throw cannotLook(inventory.failure);
  const volumes = await measure(underTest, step);
  const foreign = inventory.value.foreign.map((line) => /^(volume|secret|config) (.+)$/.exec(line));
  const objects = foreign.flatMap((match) => (match?.[2] === undefined ? [] : [match[2]]));
  const foreignVolumes = foreign.filter((match) => match?.[1] === "volume");
  if (volumes.length > 0 || foreignVolumes.length > 0) return { volumes, objects };
  throw new Fault(
    "usage",
    `there is no data of ${underTest.app.recipe} to adopt`,
    `let it be proven instead: \`canonical-sweep run ${underTest.app.recipe}\``,
  );
}

async function measure(underTest: AppUnderTest, step: Step): Promise<Volume[]> {
  const volumes = await underTest.driver.volumes(underTest.app, step);
  if (!volumes.ok) throw cannotLook(volumes.failure);
  return volumes.value;
}

function cannotLook(failure: Failure): Fault {
  return new Fault("machinery", describeFailure(failure), "see the run's adopt log");
}
