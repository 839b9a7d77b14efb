import type { OptionDefinition } from "../definition.ts";

export interface CompletedOption {
  /** `--tag`. */
  name: string;
  about: string;
  /** How to complete its value; null if it has none. */
  value: { words: readonly string[]; completes: "recipe" | "file" | "nothing" } | null;
}

export interface CompletedCommand {
  name: string;
  summary: string;
  options: readonly CompletedOption[];
  takesRecipes: boolean;
  /** Further possible words for its arguments. */
  words: readonly string[];
}

/** Facts about options that a shell needs. */
export function completedOptions(options: readonly OptionDefinition[]): CompletedOption[] {
  return options.map(({ flags, about, choices, completes }) => ({
    name: flags.split(" ")[0] ?? flags,
    about,
    value: flags.includes("<")
      ? {
          words: choices ?? [],
          completes: completes === "recipe" || completes === "file" ? completes : "nothing",
        }
      : null,
  }));
}

/** Options whose values are completed alike, as alternatives of a `case`; empty if there are none. */
export function optionsWith(
  options: readonly CompletedOption[],
  takes: (value: NonNullable<CompletedOption["value"]>) => boolean,
): string {
  const names = options.flatMap((option) =>
    option.value !== null && takes(option.value) ? [option.name] : [],
  );
  return [...new Set(names)].join("|");
}
