import type { Config } from "../config/config.ts";
import type { Clock } from "../log.ts";
import type { Lint } from "../page/recipe-page.ts";
import type { StatePaths } from "../state/paths.ts";

/** What the pages stand on. They read it and change nothing. */
export interface SiteSource {
  state: StatePaths;
  /** The configuration that is in force, and why there is none. */
  configuration(): { config: Config | null; problem: string | null };
  program: { name: string; version: string; node: string };
  clock: Clock;
  /** When the next sweep is due, ISO 8601; null: never, or nobody knows. */
  next(): string | null;
  /** The script of the pages, as it was built. */
  script: string;
  /** What `lint` finds in a recipe, from what is known already. */
  lint(recipe: string): Promise<Lint>;
}

/** The facts at the foot of every page: whose page this is, and what it was made from. */
export function footFacts({ program, configuration, state }: SiteSource): [string, string][] {
  const { config, problem } = configuration();
  return [
    ["program", `${program.name} ${program.version}, Node ${program.node}`],
    ["configuration", config?.folder ?? `none: ${problem ?? "it cannot be read"}`],
    ["state", state.root],
  ];
}
