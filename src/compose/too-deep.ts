import { BOUNDS } from "./bounds.ts";

/** Why a YAML file is too deep for its recursive parser; null if it is not. Brackets within texts count too. */
export function tooDeep(source: string): string | null {
  let open = 0;
  let most = 0;
  for (const character of source) {
    if (character === "[" || character === "{") open += 1;
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
    most = Math.max(most, open);
  }
  const isNested = most > 10 * BOUNDS.depth || /(?:[-?][ \t]+){101}/.test(source);
  return isNested ? `more than ${BOUNDS.depth} levels` : null;
}
