import { BOUNDS, pastBound } from "../core/bounds.ts";
import { recipeFailure } from "../docker/failure.ts";

/** How to generate the value of a secret. */
export interface SecretForm {
  length: number;
  /** The characters to choose from. */
  characters: string;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
/** Values of `charset=`; several may be joined by commas. Source: abra's documentation of secrets. */
const CHARSETS: ReadonlyMap<string, string> = new Map([
  ["default", LETTERS + DIGITS],
  ["special", "!@#$%^&*_-+=?"],
  ["safespecial", "!@#%^&*_-+="],
  ["hex", "0123456789abcdef"],
  ["numeric", DIGITS],
]);
const DEFAULT_LENGTH = 32;

/**
 * How to generate a secret, from the comment behind its version (`# length=64 charset=hex`). Throws `ActFailed`
 * (recipe) for a length out of bounds or an unknown charset: a test with another secret than the app needs proves
 * nothing.
 */
export function secretForm(variable: string, modifiers: Readonly<Record<string, string>>): SecretForm {
  const length = secretLength(variable, modifiers);
  const names = (modifiers.charset ?? "default").split(",");
  const unknown = names.find((name) => !CHARSETS.has(name));
  if (unknown !== undefined) {
    const known = [...CHARSETS.keys()].join(", ");
    throw recipeFailure(`${variable} has charset=${unknown.slice(0, 40)}; allowed are ${known}`);
  }
  return { length, characters: names.map((name) => CHARSETS.get(name)).join("") };
}

/** The length of a secret from the same comment; throws in the same way. */
export function secretLength(variable: string, { length }: { length?: string | undefined }): number {
  if (length === undefined) return DEFAULT_LENGTH;
  const { shortestSecret, longestSecret } = BOUNDS;
  const found = /^\d{1,9}$/.test(length) ? Number(length) : null;
  if (found !== null && found >= shortestSecret && found <= longestSecret) return found;
  const allowed = `a generated secret has ${shortestSecret} to ${longestSecret} characters`;
  throw recipeFailure(`${variable} has length=${length.slice(0, 40)}; ${allowed}`);
}

/** Throws `ActFailed` (recipe) if a release needs too many secrets. */
export function demandFewSecrets(found: number): void {
  if (found > BOUNDS.secrets)
    throw recipeFailure(pastBound("the release has", found, BOUNDS.secrets, "secrets that are generated"));
}
