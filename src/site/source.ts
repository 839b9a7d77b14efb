import type { Config } from "../config/config.ts";
import type { Clock } from "../log.ts";
import type { Lint } from "../page/recipe-page.ts";
import type { StatePaths } from "../state/paths.ts";

/** The sources of the pages, which only read them. */
export interface SiteSource {
  state: StatePaths;
  /** The configuration in force, or why there is none. */
  configuration(): { config: Config | null; problem: string | null };
  program: { name: string; version: string; node: string };
  clock: Clock;
  /** When the next sweep is due, ISO 8601; null: never, or unknown. */
  next(): string | null;
  /** The script of the pages, as built. */
  script: string;
  /** The known findings of `lint` in a recipe. */
  lint(recipe: string): Promise<Lint>;
}

/** The facts at the foot of every page: its owner and its sources. */
export function footFacts({ program, configuration, state }: SiteSource): [string, string][] {
  const { config, problem } = configuration();
  return [
    ["program", `${program.name} ${program.version}, Node ${program.node}`],
    ["configuration", config?.folder ?? `none: ${problem ?? "it cannot be read"}`],
    ["state", state.root],
  ];
}
