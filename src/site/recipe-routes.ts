import { kindOf } from "../core/label/label.ts";
import { type Badge, badgeOf, badgeSvg } from "../page/badge.ts";
import { recipePage } from "../page/recipe-page.ts";
import { ageOf } from "../page/time.ts";
import { type Answer, jsonAnswer, pictureAnswer } from "./answer.ts";
import { recipeIn } from "./names.ts";
import { notFound, type SiteParts } from "./parts.ts";
import { recipeView } from "./recipe.ts";

/** `/recipes/<recipe>`, the same as JSON, and the badge. */
export async function answerRecipe(parts: SiteParts, words: readonly string[]): Promise<Answer | null> {
  const [first = "", second, ...rest] = words;
  if (rest.length > 0) return null;
  const isJson = second === undefined && first.endsWith(".json");
  const recipe = recipeIn(isJson ? first.slice(0, -".json".length) : first);
  if (recipe === null) return notFound(parts, "This is no name of a recipe.");
  if (second !== undefined) return answerBadge(parts, recipe, second);
  const view = await recipeView(parts.source, parts.standings, recipe);
  if (view === null) return notFound(parts, `Nobody knows a recipe '${recipe}' here.`);
  if (!isJson) return parts.page(recipePage(view));
  const { now: _now, facts: _facts, brief, ...document } = view;
  return jsonAnswer({ schema: 1, ...document, brief: brief && { run: brief.run } });
}

function answerBadge(parts: SiteParts, recipe: string, name: string): Answer | null {
  const badge = badgeIn(parts, recipe);
  if (name === "badge.json") return jsonAnswer(badge);
  if (name === "badge.svg") return pictureAnswer(badgeSvg(badge));
  return null;
}

/** `1.10.0+2.1 · 3 d · PASS`; of a recipe in no report it says that it is not known. */
function badgeIn({ standings, source }: SiteParts, recipe: string): Badge {
  const last = standings.status().rows.find(({ row }) => row.recipe === recipe);
  if (last === undefined) return badgeOf(recipe, "unknown", null);
  const { row, since } = last;
  const kind = kindOf(row);
  const version = row.canonicalAfter?.version ?? "no canonical";
  const age = ageOf(source.clock.now() - Date.parse(since));
  return badgeOf(recipe, `${version} · ${age} · ${kind ?? "no label"}`, kind);
}
