import type { OptionDefinition } from "../definition.ts";

export interface CompletedOption {
  /** `--tag`. */
  name: string;
  about: string;
  /** What its value is completed from; null: it takes none. */
  value: { words: readonly string[]; completes: "recipe" | "file" | "nothing" } | null;
}

export interface CompletedCommand {
  name: string;
  summary: string;
  options: readonly CompletedOption[];
  takesRecipes: boolean;
  /** Further words that its arguments may be. */
  words: readonly string[];
}

/** What a shell needs to know of options. */
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

/** Options whose value is completed in the same way, as alternatives of a `case`; empty where there are none. */
export function optionsWith(
  options: readonly CompletedOption[],
  takes: (value: NonNullable<CompletedOption["value"]>) => boolean,
): string {
  const names = options.flatMap((option) =>
    option.value !== null && takes(option.value) ? [option.name] : [],
  );
  return [...new Set(names)].join("|");
}
