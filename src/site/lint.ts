import { join } from "node:path";
import { z } from "zod";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Config } from "../config/config.ts";
import type { Clock } from "../log.ts";
import type { Lint } from "../page/recipe-page.ts";
import { whoIsAtWork } from "../report/who-is-at-work.ts";
import { fileIdentity } from "../state/file-facts.ts";
import type { StatePaths } from "../state/paths.ts";

/** The source of findings: this program in a separate process. */
export interface LintChild {
  self: { node: string; program: string };
  home: string;
  state: StatePaths;
  clock: Clock;
  signal: AbortSignal;
  config(): Config;
}

const LIMIT_MS = 20_000;
/** Recipes whose findings are remembered. */
const MOST_KEPT = 500;

const Finding = z.object({
  rule: z.string(),
  level: z.string(),
  message: z.string(),
  mend: z.string(),
  at: z.object({ base: z.string(), file: z.string(), line: z.number() }).nullable(),
});
const Row = z.object({
  recipe: z.string(),
  version: z.string().nullable(),
  problem: z.string().nullable(),
  findings: z.array(Finding),
});
const LintDocument = z.object({ rows: z.array(Row) });

/**
 * The findings of `lint` in a recipe, from fetched data. One process at a time, remembered until the release or the
 * configuration changes. None while a run is at work, whose tests it would disturb.
 */
export function createLint(child: LintChild): (recipe: string) => Promise<Lint> {
  const kept = new Map<string, { identity: string; lint: Lint }>();
  let isBusy = false;
  return async (recipe) => {
    const identity = identityOf(child, recipe);
    const known = kept.get(recipe);
    if (known?.identity === identity) return known.lint;
    if (whoIsAtWork(child.state) !== null) return unknown("Nothing is linted while a run is at work.");
    if (isBusy) return unknown("Another recipe is being linted: load this page again.");
    isBusy = true;
    try {
      const lint = await askFor(child, recipe);
      if (kept.size >= MOST_KEPT) kept.clear();
      if (lint.state === "judged") kept.set(recipe, { identity, lint });
      return lint;
    } finally {
      isBusy = false;
    }
  };
}

function unknown(why: string): Lint {
  return { state: "unknown", why };
}

function identityOf({ config, state }: LintChild, recipe: string): string {
  const { folder } = config();
  const files = [
    state.mirror(recipe).refs,
    state.canonical(recipe).record,
    join(folder, "sweep.yaml"),
    join(folder, "recipes", recipe, "recipe.yaml"),
  ];
  return files.map(fileIdentity).join(" ");
}

async function askFor(child: LintChild, recipe: string): Promise<Lint> {
  const { clock, home, self, signal, state } = child;
  const { folder, path, recipes } = child.config();
  if (!recipes.some((each) => each.recipe === recipe)) return unknown("It is not configured.");
  const result = await runCommand(
    {
      file: self.node,
      args: [self.program, "--config", folder, "--state", state.root, "--json", "lint", recipe, "--no-sync"],
      cwd: "/",
      env: Environment.of("sweep", { searchPath: path.join(":"), home, trigger: null }),
      deadline: deadlineIn(clock, "lint", LIMIT_MS),
      signal,
    },
    clock,
  );
  return readLint(result.stdout, recipe);
}

function readLint(text: string, recipe: string): Lint {
  const row = documentIn(text)?.rows.find((each) => each.recipe === recipe);
  if (row === undefined)
    return unknown(`\`canonical-sweep lint ${recipe} --no-sync\` says nothing that can be read.`);
  if (row.problem !== null) return unknown(`It cannot be linted: ${row.problem}`);
  const findings = row.findings.map(({ at, ...finding }) => ({
    ...finding,
    place: at === null ? "" : `${at.base === "recipe" ? "" : "configuration: "}${at.file}:${at.line}`,
  }));
  return { state: "judged", version: row.version, findings };
}

function documentIn(text: string): z.infer<typeof LintDocument> | null {
  try {
    return LintDocument.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
