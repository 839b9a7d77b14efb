import type { Step } from "../../command/step.ts";
import type { App, Source } from "../../core/app.ts";
import { BOUNDS } from "../../core/bounds.ts";
import { recipeFailure } from "../../docker/failure.ts";
import { messageOf } from "../../fault.ts";
import { readContainedText } from "../../state/contained-file.ts";
import { readTextIfAny, writeWhole } from "../../state/files.ts";
import { secretsOfEnv } from "../recipe-files/release.ts";
import { ABRA } from "./abra-commands.ts";
import type { AbraOptions } from "./abra-options.ts";
import { isUntagged, moveCheckout } from "./checkout.ts";
import { addMissing, readVariable, setVariables } from "./env-file.ts";
import { homeOf } from "./home.ts";
import { runAbra } from "./run-abra.ts";

/**
 * Writes the app's env file for a version: its existing one, or the kept one, or a new one by abra; then the additions
 * of the version's `.env.sample`, then our own values.
 */
export async function writeAppEnv(options: AbraOptions, app: App, source: Source, step: Step): Promise<void> {
  const { envFile } = homeOf(app);
  const begun = readTextIfAny(envFile) ?? keptEnv(app) ?? (await newEnv(options, app, source, step));
  const { text, added } = addMissing(begun, readSample(app));
  if (added.length > 0) step.say(`new in .env.sample, taken over: ${added.join(", ")}`);
  const version = isUntagged(source) ? source.commit : source.version;
  const given = Object.entries(app.env).map(([name, value]) => [
    name,
    value.replaceAll("{domain}", app.domain),
  ]);
  const own = { TYPE: `${app.recipe}:${version}`, DOMAIN: app.domain, ...Object.fromEntries(given) };
  const env = setVariables(text, own);
  for (const secret of secretsOfEnv(env)) step.secret(secret);
  writeWhole(envFile, env, 0o600);
}

// `app new` knows only releases, and would move the checkout to the newest one.
async function newEnv(options: AbraOptions, app: App, source: Source, step: Step): Promise<string> {
  if (isUntagged(source)) {
    const sample = readSample(app);
    if (sample === "") throw recipeFailure(`${app.recipe} has no .env.sample at ${source.commit}`);
    return sample;
  }
  const args = ABRA.newApp(app.recipe, source.version, app.lane.server, app.domain);
  await runAbra(options, app, { act: "app new", args }, step);
  await moveCheckout(options, app, source, step);
  const text = readTextIfAny(homeOf(app).envFile);
  if (text === null) throw recipeFailure(`abra said that it made ${app.domain}, and wrote no env file`);
  return text;
}

/** The kept env file, with this app's domain in place of the one that it was kept for. */
function keptEnv(app: App): string | null {
  const text = app.kept?.env ?? null;
  if (text === null) return null;
  const domain = readVariable(text, "DOMAIN");
  return domain === null || domain === "" ? text : text.replaceAll(domain, app.domain);
}

// abra replaces this example by the app's domain throughout the file.
function readSample(app: App): string {
  return textOfSample(homeOf(app).recipe).replaceAll(`${app.recipe}.example.com`, app.domain);
}

function textOfSample(checkout: string): string {
  try {
    return readContainedText(checkout, ".env.sample", BOUNDS.envFileBytes) ?? "";
  } catch (error) {
    throw recipeFailure(messageOf(error));
  }
}
