/** An entry of `known-causes.yaml`: errors that somebody has explained. */
export interface KnownCause {
  id: string;
  /** A regular expression, tried on each line of what failed. */
  pattern: string;
  cause: "recipe" | "test" | "machinery" | "outside" | "flake";
  link: string;
  owner: string;
  /** The last day on which it counts, `YYYY-MM-DD`. */
  until: string;
  /** Only of these recipes; absent: of all. */
  recipes?: readonly string[] | undefined;
}

/** Tries a pattern on a text; `too-slow` where it has no answer in time. */
export type TryPattern = (pattern: string, text: string) => boolean | "too-slow";

export interface KnownCauseMatch {
  /** The entry that explains the failure; one that is still in force comes before one that is not. */
  known: KnownCause | null;
  /** Entries that could not be tried: their pattern takes too long. */
  tooSlow: readonly KnownCause[];
}

/** Of a long output so many lines, and of a long line so many characters, are looked at. */
const MOST_LINES = 400;
const LONGEST_LINE = 1_000;

/** The entry that what a recipe failed with matches. `lines` are the first error, then what was said and logged. */
export function knownCauseOf(
  entries: readonly KnownCause[],
  failed: { recipe: string; lines: readonly string[] },
  today: string,
  matches: TryPattern,
): KnownCauseMatch {
  const text = failed.lines
    .slice(0, MOST_LINES)
    .map((line) => line.slice(0, LONGEST_LINE))
    .join("\n");
  const tooSlow: KnownCause[] = [];
  const found = entries.filter((entry) => {
    if (entry.recipes?.includes(failed.recipe) === false) return false;
    const matched = matches(entry.pattern, text);
    if (matched === "too-slow") tooSlow.push(entry);
    return matched === true;
  });
  return { known: found.find((entry) => !isExpired(entry, today)) ?? found[0] ?? null, tooSlow };
}

/** The entries whose last day has passed: each is a finding until somebody looks at it again. */
export function expiredKnownCauses(entries: readonly KnownCause[], today: string): KnownCause[] {
  return entries.filter((entry) => isExpired(entry, today));
}

/** Whether an entry no longer counts on this day, `YYYY-MM-DD`. */
export function isExpired({ until }: Pick<KnownCause, "until">, today: string): boolean {
  return until < today;
}

/** Lines that explain nothing: a pattern that matches one of them matches whatever fails. */
const EXPLAIN_NOTHING = [
  "",
  "x",
  "0 1 2",
  "the quick brown fox",
  "error",
  "failed",
  "custom/test: error: it failed",
];

/** Whether a pattern would label every failure; `too-slow` where it has no answer even on short lines. */
export function matchesEverything(pattern: string, matches: TryPattern): boolean | "too-slow" {
  const answers = EXPLAIN_NOTHING.map((line) => matches(pattern, line));
  return answers.includes("too-slow") ? "too-slow" : answers.includes(true);
}
