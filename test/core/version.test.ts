import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCodePoints, compareVersions, parseVersion, type Version } from "../../src/core/version.ts";

function version(name: string): Version {
  const parsed = parseVersion(name);
  if ("problem" in parsed) throw new Error(`${name}: ${parsed.problem}`);
  return parsed.version;
}

function order(a: string, b: string): number {
  return Math.sign(compareVersions(version(a), version(b)));
}

describe("a version, split at its first `+`", () => {
  it.each([
    ["3.6.0+1.24.2-rootless", "3.6.0", "1.24.2-rootless"],
    ["0.3.0+v0.4.219", "0.3.0", "v0.4.219"],
    ["v1.0.0+2.0.0", "1.0.0", "2.0.0"],
    ["1.0.0+2.0.0+build", "1.0.0", "2.0.0+build"],
    ["1.0.0+latest", "1.0.0", "latest"],
  ])("%s", (name, recipe, app) => {
    expect(parseVersion(name)).toEqual({ version: { name, recipe, app } });
  });

  it.each([
    ["3.6.0", "no `+<app version>` after the recipe's version"],
    ["v1.2.3", "no `+<app version>` after the recipe's version"],
    ["", "no `+<app version>` after the recipe's version"],
    ["3.6.0+", "nothing after the `+`"],
    ["+1.0.0", "`` is not a semantic version"],
    ["3.6+1.0.0", "`3.6` is not a semantic version"],
    ["03.6.0+1.0.0", "`03.6.0` is not a semantic version"],
    ["vv1.0.0+1.0.0", "`vv1.0.0` is not a semantic version"],
    ["=1.0.0+1.0.0", "`=1.0.0` is not a semantic version"],
    [" 1.0.0+1.0.0", "` 1.0.0` is not a semantic version"],
    ["1.0.0\n+1.0.0", "`1.0.0\n` is not a semantic version"],
    ["99999999999999999999.0.0+1", "`99999999999999999999.0.0` is not a semantic version"],
    ["release-2024+1.0.0", "`release-2024` is not a semantic version"],
    ["1.0.0-rc.1+1.0.0", "a pre-release"],
    ["v2.0.0-beta+1.0.0", "a pre-release"],
  ])("%j is no release: %s", (name, problem) => {
    expect(parseVersion(name)).toEqual({ problem });
  });
});

describe("the order of versions", () => {
  it.each([
    ["the recipe's version decides first", "1.9.0+9.0.0", "1.10.0+1.0.0"],
    ["digits are numbers, also before words", "1.0.0+1.24.2-rootless", "1.0.0+1.24.10-rootless"],
    ["a `v` before the app's version is ignored", "1.0.0+v1.9.0", "1.0.0+1.10.0"],
    ["missing comes before present", "1.0.0+1.24", "1.0.0+1.24.0"],
    ["a suffix comes after none", "1.0.0+1.24.2", "1.0.0+1.24.2-rootless"],
    ["other characters go by code point", "1.0.0+1.0-alpha", "1.0.0+1.0-beta"],
    ["digits come before letters", "1.0.0+1.9", "1.0.0+1.a"],
    ["upper case comes before lower case, as code points do", "1.0.0+B", "1.0.0+a"],
    ["beyond 16 bits too, where UTF-16 would say otherwise", "1.0.0+\u{ff5e}", "1.0.0+\u{1f600}"],
    ["numbers too long for a number", "1.0.0+99999999999999999998", "1.0.0+99999999999999999999"],
    ["leading zeros are the same number; then the tag's name decides", "1.0.0+1.01", "1.0.0+1.1"],
    ["the same but for the `v`: the tag's name decides", "1.0.0+1.0.0", "1.0.0+v1.0.0"],
    ["the same but for the first `v`: the tag's name decides", "1.0.0+1.0.0", "v1.0.0+1.0.0"],
  ])("%s: %s < %s", (_promise, older, newer) => {
    expect(order(older, newer)).toBe(-1);
    expect(order(newer, older)).toBe(1);
  });

  const piece = fc.constantFrom(
    "0",
    "1",
    "2",
    "10",
    "01",
    ".",
    "-",
    "v",
    "rc",
    "é",
    "\u{1f600}",
    "\u{ff5e}",
    "_",
  );
  const app = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""));
  const number = fc.constantFrom(0, 1, 2, 10);
  const name = fc
    .tuple(fc.constantFrom("", "v"), number, number, number, app)
    .map(([v, major, minor, patch, rest]) => `${v}${major}.${minor}.${patch}+${rest}`);

  it("is antisymmetric, and 0 only for the same name", () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(order(a, b)).toBe(-order(b, a) + 0);
        expect(order(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
  });

  it("is transitive", () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        if (order(a, b) < 0 && order(b, c) < 0) expect(order(a, c)).toBe(-1);
      }),
      { numRuns: 5000 },
    );
  });

  it("is total for any text that git could call a tag", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [left, right] = [`1.0.0+${a}`, `1.0.0+${b}`];
        expect(order(left, right) === 0).toBe(left === right);
        expect(order(left, right)).toBe(-order(right, left) + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("compares code points, not UTF-16 units", () => {
    expect("\u{1f600}" < "\u{ff5e}").toBe(true);
    expect(compareCodePoints("\u{1f600}", "\u{ff5e}")).toBe(1);
    expect(compareCodePoints("a", "ab")).toBe(-1);
    expect(compareCodePoints("", "")).toBe(0);
  });
});
