import type { RecipeConfig } from "../config/config.ts";
import { messageOf } from "../fault.ts";
import { askRepositoryRights } from "../forge/gitea.ts";
import type { Context } from "../run/context.ts";
import { isPrivate } from "../state/file-facts.ts";
import { readSecretFile } from "../state/secret-file.ts";
import { type Check, fault, fine, PROBE_LIMIT_MS, unknown } from "./check.ts";

/** The token of each forge: its file, its permissions, and whether the forge accepts it. */
export async function checkForges({ config, signal }: Context): Promise<Check[]> {
  const enrolled = config.recipes.filter(({ enrolled, mirror }) => enrolled && mirror?.forge != null);
  const first = new Map(enrolled.map((recipe) => [recipe.mirror?.forge?.tokenFile, recipe] as const));
  return (await Promise.all([...first.values()].map((recipe) => checkToken(recipe, signal)))).flat();
}

async function checkToken({ mirror, recipe }: RecipeConfig, signal: AbortSignal): Promise<Check[]> {
  if (mirror?.forge == null) return [];
  const { tokenFile, url } = mirror.forge;
  const name = "forge token";
  const read = readSecretFile(tokenFile);
  if ("problem" in read)
    return [
      fault(
        name,
        read.problem,
        `make a token at ${url}/user/settings/applications and put it there`,
        `install -m 600 /dev/stdin ${tokenFile}`,
      ),
    ];
  if (!isPrivate(tokenFile))
    return [fault(name, `others than its owner may read ${tokenFile}`, "close it", `chmod 600 ${tokenFile}`)];
  try {
    const { canPush } = await askRepositoryRights(
      { url, token: read.text, signal, timeoutMs: PROBE_LIMIT_MS },
      mirror.url,
    );
    if (canPush) return [fine(name, `${url} takes it, and it may push to the mirror of ${recipe}`)];
    return [
      fault(
        name,
        `${url} takes it, and it may not push to the mirror of ${recipe}`,
        "give its user the right to write there",
      ),
    ];
  } catch (error) {
    return [refused(name, messageOf(error), url, tokenFile)];
  }
}

function refused(name: string, problem: string, url: string, tokenFile: string): Check {
  if (/answered 40[13]/.test(problem))
    return fault(
      name,
      problem,
      `make a new token at ${url}/user/settings/applications (scope: repository, write)`,
      `install -m 600 /dev/stdin ${tokenFile}`,
    );
  if (/answered 404/.test(problem))
    return fault(name, problem, "make the repository, or let the token's user see it");
  return unknown(name, problem, "see that the forge answers", `curl -sS ${url}/api/v1/version`);
}
