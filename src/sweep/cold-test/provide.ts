import { deployHealthy } from "../../app/deploy-healthy.ts";
import { waitHealthy } from "../../app/health.ts";
import { type Provider, providerUrl, setUpProvider, tearDownProvider } from "../../app/providers.ts";
import { tearDown } from "../../app/teardown.ts";
import type { AppUnderTest } from "../../app/under-test.ts";
import { readRecord } from "../../canonical/store.ts";
import { deadlineIn } from "../../command/deadline.ts";
import type { Step } from "../../command/step.ts";
import type { LaneConfig, RecipeConfig } from "../../config/config.ts";
import type { Requirement } from "../../config/recipe-schema.ts";
import { type ActResult, fail, succeed } from "../../core/act.ts";
import { provenRecord } from "../../core/canonical.ts";
import { targetOf, urlOf } from "../../edge/probe.ts";
import { appUnderTest, coldApp, warmApp } from "../../run/app-under-test.ts";
import type { Run } from "../../run/run.ts";

/** Limit for a live provider to answer, in milliseconds: it does so at once or not at all. */
const LIVE_LIMIT_MS = 15_000;

/** The providers of one app, in the order of creation. */
export interface Provided {
  providers: Provider[];
  /** The output of their `setup`, for the app's env. */
  env: Record<string, string>;
}

/**
 * Brings up the providers that a recipe requires, each at its canonical version: a live one is checked, an ephemeral
 * one is deployed for this test. `provided` lists everything made, even if a later provider fails.
 */
export async function provide(
  run: Run,
  recipe: RecipeConfig,
  lane: LaneConfig,
  underTest: AppUnderTest,
  provided: Provided,
  step: Step,
): Promise<ActResult> {
  for (const requirement of recipe.requires) {
    const provider = await bringUp(run, requirement, lane, provided, step);
    if (!provider.ok) return provider;
    provided.providers.push(provider.value);
    const variables = await setUpProvider(underTest, provider.value, step);
    if (!variables.ok) return variables;
    Object.assign(provided.env, variables.value);
  }
  underTest.app.env = { ...underTest.app.env, ...provided.env };
  return succeed(undefined);
}

/** Undoes the setup in the providers, and removes those that were deployed for the test. */
export async function removeProviders(
  underTest: AppUnderTest,
  provided: Provided,
  folder: string,
  step: Step,
): Promise<string[]> {
  const problems: string[] = [];
  for (const provider of provided.providers.toReversed()) {
    const failure = await tearDownProvider(underTest, provider, step);
    if (failure !== null) problems.push(failure.message);
    if (provider.ephemeral === null) continue;
    const { underTest: providerUnderTest, deployed } = provider.ephemeral;
    const end = await tearDown(
      providerUnderTest,
      deployed.source,
      `${folder}/${provider.requirement.recipe}`,
      step,
    );
    problems.push(...end.residue.map((name) => `${provider.requirement.recipe}: ${name}`));
  }
  return problems;
}

async function bringUp(
  run: Run,
  requirement: Requirement,
  lane: LaneConfig,
  provided: Provided,
  step: Step,
): Promise<ActResult<Provider>> {
  const recipe = run.context.config.recipes.find((entry) => entry.recipe === requirement.recipe);
  if (recipe === undefined) return fail("machinery", "requires", `${requirement.recipe} is not configured`);
  const record = provenRecord(readRecord(run.context.state.canonical(recipe.recipe), recipe.recipe));
  if (record === null) return fail("machinery", "requires", `${recipe.recipe} has no canonical`);
  if (requirement.mode === "live") return lookAtLive(run, requirement, recipe, lane, step);
  const underTest = await appUnderTest(run, recipe, coldApp(run, recipe, lane));
  const nested = await provide(run, recipe, lane, underTest, provided, step);
  if (!nested.ok) return nested;
  const wanted = { version: record.version, commit: record.commit, base: null, assertVersion: true };
  const limited = step.within(deadlineIn(run.context.clock, "timeouts.deploy", recipe.timeouts.deploy));
  const deployed = await deployHealthy(underTest, wanted, limited);
  if (deployed.ok)
    return succeed({
      requirement,
      url: providerUrl(deployed.value),
      ephemeral: { underTest, deployed: deployed.value },
    });
  await tearDown(underTest, null, `${run.paths.recipe(requirement.recipe)}/provider`, step);
  if (deployed.failure.cause === "interrupted") return deployed;
  return fail("machinery", "requires", `${recipe.recipe} ${record.version}: ${deployed.failure.message}`);
}

async function lookAtLive(
  run: Run,
  requirement: Requirement,
  recipe: RecipeConfig,
  lane: LaneConfig,
  step: Step,
): Promise<ActResult<Provider>> {
  const underTest = await appUnderTest(run, recipe, warmApp(run, recipe, lane, null));
  const source = { recipe: recipe.recipe, version: "", commit: "", checkout: "", mirror: "" };
  const url = await underTest.driver.url(underTest.app, source, step);
  if (!url.ok) return fail("machinery", "requires", `${recipe.recipe}: ${url.failure.message}`);
  const target = targetOf(url.value, lane.edge, recipe.domain);
  const healthy = await waitHealthy(
    underTest,
    target,
    "",
    step.within(deadlineIn(underTest.clock, "live provider", LIVE_LIMIT_MS)),
  );
  if (!healthy.ok)
    return fail(
      "machinery",
      "requires",
      `${recipe.recipe} is not healthy: ${healthy.failure.lastSeen ?? healthy.failure.message}`,
    );
  return succeed({ requirement, url: urlOf(target), ephemeral: null });
}
