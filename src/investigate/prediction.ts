import { predicts } from "../core/cause/predicts.ts";
import { lintRecipes } from "../lint/lint.ts";
import type { Session } from "./session.ts";

/** Findings of `lint` in the release that are known to break at this point, a line each; empty for other releases. */
export async function predictions({ recipe, red, run }: Session): Promise<string[]> {
  const { rows } = await lintRecipes(run.context, { recipes: [recipe.recipe], sync: false });
  const row = rows.find(({ commit }) => commit === red.target.commit);
  const { facts, firstError, tier } = red;
  return (row?.findings ?? [])
    .filter(({ level, rule }) => level === "error" && predicts(rule, { ...facts, firstError, tier }))
    .map(({ rule, message }) => `${rule}: ${message}`);
}
