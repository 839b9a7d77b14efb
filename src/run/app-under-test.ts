import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { AppUnderTest } from "../app/under-test.ts";
import type { Step } from "../command/step.ts";
import type { LaneConfig, RecipeConfig } from "../config/config.ts";
import type { ActResult } from "../core/act.ts";
import type { App, KeptFiles, Source } from "../core/app.ts";
import { stackName } from "../core/stack-name.ts";
import { checkOut } from "../mirror/checkout.ts";
import { ensureFolder } from "../state/files.ts";
import { folderAtLaunch, type Run } from "./run.ts";

/** The app of a cold test: a throw-away domain, its own scratch folder; without `kept`, new secrets. */
export function coldApp(
  run: Run,
  recipe: RecipeConfig,
  lane: LaneConfig,
  kept: KeptFiles | null = null,
): App {
  const name = `${recipe.recipe.slice(0, 4).replace(/-$/, "")}-${randomBytes(3).toString("hex")}`;
  const domain = `${name}.${run.context.config.domain}`;
  const scratch = join(run.scratch, name);
  return appAt(run, recipe, lane, {
    instance: "cold",
    domain,
    scratch,
    data: join(scratch, "data"),
    kept,
  });
}

/** The warm app of a recipe's canonical; `kept` is the `.env` and the secrets to start with. */
export function warmApp(run: Run, recipe: RecipeConfig, lane: LaneConfig, kept: KeptFiles | null): App {
  const scratch = join(run.scratch, `warm-${recipe.recipe}`);
  const data = run.context.state.data(recipe.recipe);
  return appAt(run, recipe, lane, { instance: "warm", domain: recipe.domain, scratch, data, kept });
}

/** The sources of an app's releases, its tests and its driver. */
export interface Origin extends Pick<AppUnderTest, "driver" | "folder" | "environment"> {
  /** The bare repository with its commits, absolute. */
  mirror: string;
}

/** The sources of a recipe's app in a run: its mirror, its configuration at launch, its driver. */
export async function originAtLaunch(run: Run, recipe: RecipeConfig): Promise<Origin> {
  const { config, state } = run.context;
  return {
    driver: await run.driver(recipe.driver),
    folder: folderAtLaunch(run, recipe.recipe),
    environment: config.environment,
    mirror: state.mirror(recipe.recipe).bare,
  };
}

/** An app with everything needed to deploy and test it; `origin` if its sources differ from those at launch. */
export async function appUnderTest(
  run: Run,
  recipe: RecipeConfig,
  app: App,
  origin: Origin | null = null,
): Promise<AppUnderTest> {
  const { clock, tools } = run.context;
  const { mirror, ...own } = origin ?? (await originAtLaunch(run, recipe));
  return {
    app,
    ...own,
    health: recipe.health,
    permissions: recipe.permissions,
    searchPath: tools.searchPath,
    clock,
    checkOut: (version, commit, step) => freshCheckout(run, mirror, app, { version, commit }, step),
  };
}

function appAt(
  run: Run,
  recipe: RecipeConfig,
  lane: LaneConfig,
  rest: Pick<App, "instance" | "domain" | "scratch" | "data" | "kept">,
): App {
  ensureFolder(rest.scratch, 0o700);
  return {
    recipe: recipe.recipe,
    stack: stackName(rest.domain),
    run: run.id,
    lane: { name: lane.name, server: lane.server, context: lane.context },
    edge: lane.edge,
    owner: run.owner,
    ...rest,
    env: fillDomain(recipe.env, rest.domain),
  };
}

function fillDomain(env: Readonly<Record<string, string>>, domain: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replaceAll("{domain}", domain)]),
  );
}

async function freshCheckout(
  run: Run,
  mirror: string,
  app: App,
  wanted: { version: string; commit: string },
  step: Step,
): Promise<ActResult<Source>> {
  const { recipe } = app;
  const checkout = join(app.scratch, "checkouts", String(run.nextCheckout()), recipe);
  const done = await checkOut(mirror, wanted.commit, checkout, run.context.tools, step);
  return done.ok ? { ok: true, value: { recipe, ...wanted, checkout, mirror } } : done;
}
