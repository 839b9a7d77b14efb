import semver from "semver";

export interface Version {
  /** The tag's name, unchanged: it identifies the release. */
  name: string;
  /** The recipe's semver, without a leading `v`. */
  recipe: string;
  /** The part after the first `+`, unchanged. */
  app: string;
}

export type ParsedVersion = { version: Version } | { problem: string };

/** Reads `<recipe semver>+<app version>`; a leading `v` is accepted, a pre-release is not a release. */
export function parseVersion(name: string): ParsedVersion {
  const plus = name.indexOf("+");
  if (plus < 0) return { problem: "no `+<app version>` after the recipe's version" };
  const left = name.slice(0, plus);
  const app = name.slice(plus + 1);
  if (app === "") return { problem: "nothing after the `+`" };
  const strict = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(left);
  const recipe = strict?.[1] === undefined ? null : semver.valid(strict[1]);
  if (recipe === null) return { problem: `\`${left}\` is not a semantic version` };
  if (semver.prerelease(recipe) !== null) return { problem: "a pre-release" };
  return { version: { name, recipe, app } };
}

/**
 * Orders two versions: by the recipe's semver, then the app version by runs of digits (as numbers) and of other
 * characters (by code point), then the name. Never 0 for two different names. `semver.compareBuild` is not enough: it
 * puts `1.24.2-rootless` above `1.24.10-rootless`.
 */
export function compareVersions(a: Version, b: Version): number {
  return (
    semver.compare(a.recipe, b.recipe) ||
    compareAppVersions(a.app, b.app) ||
    compareCodePoints(a.name, b.name)
  );
}

function compareAppVersions(a: string, b: string): number {
  const left = runs(a);
  const right = runs(b);
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const order = compareRuns(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function runs(app: string): string[] {
  return app.replace(/^v/, "").match(/\d+|\D+/gu) ?? [];
}

function compareRuns(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (/^\d/.test(a) && /^\d/.test(b)) return compareDigits(a, b);
  return compareCodePoints(a, b);
}

function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+(?=\d)/, "");
  const right = b.replace(/^0+(?=\d)/, "");
  return left.length - right.length || compareCodePoints(left, right);
}

/** Compares by Unicode code point; JavaScript's own `<` compares UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const order = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (order !== 0) return Math.sign(order);
  }
  return Math.sign(left.length - right.length);
}
