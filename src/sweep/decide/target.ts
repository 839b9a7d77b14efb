import { deadlineIn } from "../../command/deadline.ts";
import type { RecipeConfig } from "../../config/config.ts";
import { isBroken, readTags, type TagRef } from "../../core/release-tag.ts";
import { parseVersion } from "../../core/version.ts";
import { Fault } from "../../fault.ts";
import { resolveRef } from "../../mirror/resolve-ref.ts";
import { gitEnvironment, quietStep } from "../../run/ask-upstream.ts";
import type { Run } from "../../run/run.ts";
import type { DecidedRecipe } from "./decide-all.ts";
import type { RunRequest } from "./run-request.ts";

export interface Target {
  version: string;
  commit: string;
  tagObject: string;
  isRelease: boolean;
}

/** Hex digits of the commit that serve as version without a release tag. */
const DIGITS = 12;

/** The target of a run by hand: the requested tag or ref, else the latest release; null if there is no release. */
export async function targetOf(
  run: Run,
  recipe: RecipeConfig,
  entry: DecidedRecipe,
  request: Pick<RunRequest, "tag" | "ref">,
): Promise<Target | null> {
  if (request.ref !== null) return targetOfRef(run, recipe, request.ref);
  const tags = entry.mirror.state === "synced" ? entry.mirror.tags : [];
  if (request.tag !== null) return targetOfTag(recipe, request.tag, tags);
  return entry.decision.latest && { ...entry.decision.latest, isRelease: true };
}

function targetOfTag(recipe: RecipeConfig, name: string, tags: readonly TagRef[]): Target {
  const tag = tags.find((candidate) => candidate.name === name);
  const parsed = parseVersion(name);
  const known = readTags(tags)
    .releases.map((release) => release.name)
    .toReversed();
  const next =
    known.length === 0
      ? "upstream has no release"
      : `releases, newest first: ${known.slice(0, 5).join(", ")}`;
  if (tag === undefined) throw new Fault("usage", `${recipe.recipe} has no tag ${name}`, next);
  if ("problem" in parsed)
    throw new Fault("usage", `${name} is no release: ${parsed.problem}`, `${next}; any commit: --ref`);
  if (isBroken(name, recipe.broken))
    throw new Fault("usage", `${name} is named in \`broken\`: ${recipe.broken[name]}`, next);
  return { version: tag.name, commit: tag.commit, tagObject: tag.object, isRelease: true };
}

async function targetOfRef(run: Run, recipe: RecipeConfig, ref: string): Promise<Target> {
  const { clock, state, tools } = run.context;
  const step = quietStep(run.context, deadlineIn(clock, "timeouts.git", recipe.timeouts.git));
  const means = { tools, environment: gitEnvironment(run.context, recipe), step };
  const found = await resolveRef(state.mirror(recipe.recipe).bare, recipe.upstream, ref, means);
  if (!found.ok)
    throw new Fault("machinery", found.failure.message, "look whether upstream answers, then try again");
  if (found.value === null)
    throw new Fault(
      "usage",
      `${recipe.recipe} has no commit ${ref}`,
      "name a commit, a tag or a branch of upstream",
    );
  const commit = found.value;
  return { version: commit.slice(0, DIGITS), commit, tagObject: commit, isRelease: false };
}
