import { expect, it } from "vitest";
import { RecipeName } from "../../src/core/recipe-name.ts";

it.each([
  ["gitea", true],
  ["0-a", true],
  ["a".repeat(58), true],
  ["a".repeat(59), false],
  ["-gitea", false],
  ["--upload-pack=x", false],
  ["Gitea", false],
  ["git_ea", false],
  ["git.ea", false],
  ["../gitea", false],
  ["gitea\n", false],
  ["", false],
])("%j is a valid name of a recipe: %s", (name, isOne) => {
  expect(RecipeName.safeParse(name).success).toBe(isOne);
});
