import { z } from "zod";
import { RecipeName } from "../core/recipe-name.ts";
import { text, WebAddress } from "./values.ts";

const DAY = "a day such as 2026-09-30";

const Entry = z.strictObject({
  id: text("a short name: lower-case letters, digits and '-'")
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "a short name: lower-case letters, digits and '-'")
    .describe("How reports name it; each once"),
  pattern: text("a regular expression").describe(
    "A regular expression for a line of the first error, of what the command said, or of the last log lines",
  ),
  cause: z
    .enum(["recipe", "test", "machinery", "outside", "flake"])
    .describe("Cause: recipe, test, machinery, outside or flake"),
  link: WebAddress.describe("Address of the full explanation"),
  owner: text("who looks after it").describe("Person who looks after it"),
  until: z
    .string(DAY)
    .refine((day) => /^\d{4}-\d{2}-\d{2}$/.test(day) && isDay(day), DAY)
    .describe("The last day on which it counts; after it the entry is a finding"),
  recipes: z
    .array(RecipeName, "a list of recipes")
    .min(1, "at least one recipe")
    .optional()
    .describe("Only for these recipes; absent: for all"),
});

/** `known-causes.yaml`. */
export const KnownCausesFile = z.strictObject({
  schema: z.literal(1).describe("The version of this file's form: 1"),
  causes: z.array(Entry, "a list of known causes").default([]).describe("Errors that somebody has explained"),
});
export type KnownCausesFile = z.infer<typeof KnownCausesFile>;

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
