/** An entry of `known-causes.yaml`: errors with a known explanation. */
export interface KnownCause {
  id: string;
  /** A regular expression, tried on each line of the failure. */
  pattern: string;
  cause: "recipe" | "test" | "machinery" | "outside" | "flake";
  link: string;
  owner: string;
  /** The last day in force, `YYYY-MM-DD`. */
  until: string;
  /** Only for these recipes; absent: for all. */
  recipes?: readonly string[] | undefined;
}

/** Tries a pattern on a text; `too-slow` if it does not finish in time. */
export type TryPattern = (pattern: string, text: string) => boolean | "too-slow";

export interface KnownCauseMatch {
  /** The entry that explains the failure; entries still in force take precedence. */
  known: KnownCause | null;
  /** Entries that could not be tried, because their pattern is too slow. */
  tooSlow: readonly KnownCause[];
}

/** At most this many lines of an output, and characters of a line, are searched. */
const MOST_LINES = 400;
const LONGEST_LINE = 1_000;

/** The entry that matches a recipe's failure. `lines` are the first error, then output and log. */
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

/** The expired entries: each is a finding until somebody reviews it. */
export function expiredKnownCauses(entries: readonly KnownCause[], today: string): KnownCause[] {
  return entries.filter((entry) => isExpired(entry, today));
}

/** Whether an entry has expired by this day, `YYYY-MM-DD`. */
export function isExpired({ until }: Pick<KnownCause, "until">, today: string): boolean {
  return until < today;
}

/** Lines without information: a pattern that matches one of them matches any failure. */
const EXPLAIN_NOTHING = [
  "",
  "x",
  "0 1 2",
  "the quick brown fox",
  "error",
  "failed",
  "custom/test: error: it failed",
];

/** Whether a pattern would match every failure; `too-slow` if it does not finish even on short lines. */
export function matchesEverything(pattern: string, matches: TryPattern): boolean | "too-slow" {
  const answers = EXPLAIN_NOTHING.map((line) => matches(pattern, line));
  return answers.includes("too-slow") ? "too-slow" : answers.includes(true);
}
