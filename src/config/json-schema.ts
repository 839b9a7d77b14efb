import { z } from "zod";
import { Report } from "../core/records/report.ts";
import { KnownCausesFile } from "./known-causes-schema.ts";
import { RecipeFile } from "./recipe-schema.ts";
import { SweepFile } from "./schema.ts";

/** A JSON Schema, for editors and other programs. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of `sweep.yaml`; keys with a default are optional. */
export function sweepJsonSchema(): JsonSchema {
  return { ...inputOf(SweepFile), title: "sweep.yaml of canonical-sweep" };
}

/** The schema of `recipe.yaml`; keys with a default are optional. */
export function recipeJsonSchema(): JsonSchema {
  return { ...inputOf(RecipeFile), title: "recipe.yaml of canonical-sweep" };
}

/** The schema of `known-causes.yaml`. */
export function knownCausesJsonSchema(): JsonSchema {
  return { ...inputOf(KnownCausesFile), title: "known-causes.yaml of canonical-sweep" };
}

/** The schema of `report.json`. It is open: later versions add to it. */
export function reportJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(Report, { io: "input" });
  return { ...schema, title: "report.json of canonical-sweep" };
}

function inputOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input" });
}
