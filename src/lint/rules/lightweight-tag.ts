import type { Rule } from "../rule.ts";

export const lightweightTag: Rule = {
  id: "lightweight-tag",
  level: "warning",
  title: "a tag that is lightweight",
  check: ({ lightweightTags: names }) => {
    if (names.length === 0) return [];
    const shown = names.slice(0, 5).join(", ");
    const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
    const message = `lightweight tags: ${shown}${more}. One of them is enough for abra to refuse every deploy of the recipe (R014)`;
    const mend = `make them annotated again, at the same commit, as whoever owns the repository: \`git tag -f -a -m "release NAME" NAME NAME^{}\`, then push with --force`;
    return [{ message, mend, at: null }];
  },
};
