import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Bed } from "../app/bed.ts";
import type { Step } from "../command/step.ts";
import type { LaneConfig, RecipeConfig } from "../config/config.ts";
import type { ActResult } from "../core/act.ts";
import type { App, KeptFiles, Source } from "../core/app.ts";
import { stackName } from "../core/stack-name.ts";
import { checkOut } from "../mirror/checkout.ts";
import { ensureFolder } from "../state/files.ts";
import { folderAtLaunch, type Run } from "./run.ts";

/** The app of a cold test: a throw-away domain, a scratch of its own; without `kept`, secrets made anew. */
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

/** The warm app of a recipe's canonical; `kept` is the `.env` and the secrets that it starts with. */
export function warmApp(run: Run, recipe: RecipeConfig, lane: LaneConfig, kept: KeptFiles | null): App {
  const scratch = join(run.scratch, `warm-${recipe.recipe}`);
  const data = run.context.state.data(recipe.recipe);
  return appAt(run, recipe, lane, { instance: "warm", domain: recipe.domain, scratch, data, kept });
}

/** An app with all that is needed to deploy and test it. */
export async function bedOf(run: Run, recipe: RecipeConfig, app: App): Promise<Bed> {
  const { config, clock, tools } = run.context;
  return {
    app,
    driver: await run.driver(recipe.driver),
    folder: folderAtLaunch(run, recipe.recipe),
    health: recipe.health,
    permissions: recipe.permissions,
    environment: config.environment,
    searchPath: tools.searchPath,
    clock,
    checkOut: (version, commit, step) => freshCheckout(run, recipe.recipe, app, { version, commit }, step),
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

let checkouts = 0;

async function freshCheckout(
  run: Run,
  recipe: string,
  app: App,
  wanted: { version: string; commit: string },
  step: Step,
): Promise<ActResult<Source>> {
  checkouts += 1;
  const checkout = join(app.scratch, "checkouts", String(checkouts), recipe);
  const mirror = run.context.state.mirror(recipe).bare;
  const done = await checkOut(mirror, wanted.commit, checkout, run.context.tools, step);
  return done.ok ? { ok: true, value: { recipe, ...wanted, checkout, mirror } } : done;
}
