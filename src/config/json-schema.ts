import { z } from "zod";
import { Report } from "../core/records/report.ts";
import { KnownCausesFile } from "./known-causes-schema.ts";
import { RecipeFile } from "./recipe-schema.ts";
import { SweepFile } from "./schema.ts";

/** A JSON Schema, as editors and other programs read it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What `sweep.yaml` may hold; what has a default is optional. */
export function sweepJsonSchema(): JsonSchema {
  return { ...inputOf(SweepFile), title: "sweep.yaml of canonical-sweep" };
}

/** What a `recipe.yaml` may hold; what has a default is optional. */
export function recipeJsonSchema(): JsonSchema {
  return { ...inputOf(RecipeFile), title: "recipe.yaml of canonical-sweep" };
}

/** What `known-causes.yaml` may hold. */
export function knownCausesJsonSchema(): JsonSchema {
  return { ...inputOf(KnownCausesFile), title: "known-causes.yaml of canonical-sweep" };
}

/** What `report.json` holds. It is open: later versions add to it. */
export function reportJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(Report, { io: "input" });
  return { ...schema, title: "report.json of canonical-sweep" };
}

function inputOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input" });
}
