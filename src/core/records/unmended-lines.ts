import { downLine } from "../down.ts";
import type { Report } from "./report.ts";

/** Problems that a run could not put right: a line for each unsettled promotion and each canonical that is down. */
export function unmendedLines({ down = [], unsettled = [] }: Pick<Report, "down" | "unsettled">): string[] {
  const named = new Set(down.map(({ recipe }) => recipe));
  return [
    ...down.map((each) => `${each.recipe}: ${downLine(each)}`),
    ...unsettled
      .filter(({ recipe }) => !named.has(recipe))
      .map(({ recipe, problem }) => `${recipe}: ${problem}`),
  ];
}
