import type { Canonical } from "../../core/canonical.ts";
import { compareFingerprints } from "../../environment/fingerprint.ts";
import { changedFiles } from "../../mirror/read-commit.ts";
import type { Run } from "../../run/run.ts";
import type { RecipeTest } from "../cold-test/cold-test.ts";
import type { RecipeRequest } from "../decide/recipe-request.ts";

/** At most this many names of a kind are shown. */
const SHOWN = 12;

/** Differences from the last green, a line each: version, commit, files, images, tests, tools. */
export async function whatDiffers(
  run: Run,
  request: RecipeRequest,
  test: RecipeTest,
  green: Canonical,
): Promise<string[]> {
  return [
    ...(await releaseLines(run, request, green)),
    ...imageLines(test.images, green.images ?? null),
    ...(await testLines(test, green.tests ?? null)),
    ...toolLines(run, green),
  ];
}

async function releaseLines(
  run: Run,
  { recipe, target }: RecipeRequest,
  green: Canonical,
): Promise<string[]> {
  if (green.commit === target.commit) return [`version and commit: the same (${green.version})`];
  const { state, tools } = run.context;
  const changed = await changedFiles(state.mirror(recipe.recipe).bare, green.commit, target.commit, tools);
  const files =
    "problem" in changed
      ? `files of the release: not known: ${changed.problem}`
      : `files of the release: ${listed(changed.paths)}`;
  return [
    `version: ${green.version} → ${target.version}`,
    `commit: ${green.commit} → ${target.commit}`,
    files,
  ];
}

function imageLines(now: RecipeTest["images"], before: Canonical["images"] | null): string[] {
  if (now.length === 0)
    return ["images: not known: none was running when it failed, or the driver knows none"];
  if (before == null) return ["images: the record of the green names none"];
  const short = (service: string) => service.replace(/^.*?_/, "");
  const old = new Map(before.map(({ service, digest }) => [short(service), digest]));
  const lines = now.map(({ service, digest }) => {
    const was = old.get(short(service));
    return was === digest ? null : `image of ${short(service)}: ${was ?? "no such service"} → ${digest}`;
  });
  const changed = lines.filter((line) => line !== null);
  return changed.length === 0 ? ["images: the same"] : changed;
}

async function testLines(test: RecipeTest, before: Canonical["tests"] | null): Promise<string[]> {
  if (before == null) return ["tests: the record of the green names none"];
  const planned = Object.values(test.tests.byTier).flatMap((tests) =>
    tests.filter((entry) => entry.planned).map(({ name }) => name),
  );
  const changed: string[] = [];
  for (const name of Object.keys(before).sort()) {
    const hash = await test.tests.hashOf(name).catch(() => null);
    if (hash === null) changed.push(`test ${name}: gone`);
    else if (hash !== before[name]) changed.push(`test ${name}: its text has changed`);
  }
  const added = planned.filter((name) => before[name] === undefined);
  const fresh = added.map((name) => `test ${name}: was not green then, or is new`);
  return changed.length + fresh.length === 0 ? ["tests: the same"] : [...changed, ...fresh];
}

function toolLines(run: Run, green: Canonical): string[] {
  if (green.environment === run.environment.fingerprint) return ["tools: the same"];
  const then = [...run.history.runs()].find((former) => former.run === green.run);
  if (then?.state !== "read")
    return [
      `tools: differ (fingerprint ${green.environment ?? "not known"} → ${run.environment.fingerprint})`,
    ];
  const lines = compareFingerprints(then.report.tools, run.environment.tools);
  return lines.map((line) => `tool ${line}`);
}

function listed(paths: readonly string[]): string {
  if (paths.length === 0) return "none differs";
  const more = paths.length - SHOWN;
  return `${paths.slice(0, SHOWN).join(", ")}${more > 0 ? ` … and ${more} more` : ""}`;
}
