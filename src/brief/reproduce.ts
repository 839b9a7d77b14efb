import type { RecipeReport } from "../core/records/report.ts";
import { quoteWord } from "../core/text/quote-word.ts";

/** The parts of a request that must be repeated to reproduce it. */
export interface Reproduction {
  /** Absolute. */
  configuration: string;
  /** Absolute. */
  state: string;
  quick: boolean;
  tiers: readonly string[];
  acceptMovedTag: boolean;
}

/** One command, on one line, that does the same again when pasted into a shell, from any folder. */
export function reproduce(row: RecipeReport, how: Reproduction): string {
  const { target } = row;
  const tested =
    target === null ? [] : target.tagObject === null ? ["--ref", target.commit] : ["--tag", target.version];
  return callOf(how, [
    "run",
    row.recipe,
    ...tested,
    ...(how.quick ? ["--quick"] : []),
    ...how.tiers.flatMap((tier) => ["--tier", tier]),
    ...(how.acceptMovedTag ? ["--accept-moved-tag"] : []),
  ]);
}

/** A call of the program for this configuration and state, to be pasted into a shell. */
export function callOf(
  { configuration, state }: Pick<Reproduction, "configuration" | "state">,
  words: readonly string[],
): string {
  const call = ["canonical-sweep", "--config", configuration, "--state", state, ...words];
  return call.map(quoteWord).join(" ");
}
