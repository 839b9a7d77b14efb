import { RecipeName } from "../core/recipe-name.ts";

/** The name of a recipe in an address; null if it is not a valid name. */
export function recipeIn(text: string): string | null {
  return RecipeName.safeParse(text).data ?? null;
}

/** The id of a run in an address; null if it is not a valid id. */
export function runIn(text: string): string | null {
  return /^\d{8}T\d{6,9}Z(-[0-9a-f]{1,16})?$/.test(text) ? text : null;
}
