import assert from "node:assert/strict";
import { latestRelease, readTags, upgradeBase } from "../../../src/core/release-tag.ts";
import { compareVersions, parseVersion, type Version } from "../../../src/core/version.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

const GRAMMAR = {
  samples: [
    "3.6.0+1.24.2-rootless",
    "3.6.0+1.24.10-rootless",
    "0.3.0+v0.4.219",
    "v1.0.0+2.0.0+build",
    "1.0.0-rc.1+1.0.0",
    "1.0.0+latest",
  ],
  pieces: [
    "0",
    "1",
    "2",
    "10",
    "01",
    "1.0.0",
    "3.6.0",
    ".",
    "-",
    "+",
    "v",
    "rc",
    "a",
    "é",
    "\u{1f600}",
    "\u{ff5e}",
  ],
};

export const VERSION: FuzzedParser = {
  name: "version",
  inputs: shortInputs(GRAMMAR),
  long: longInputs(GRAMMAR),
  accepts: (name) => {
    const parsed = parseVersion(name);
    const expected = expectedVersion(name);
    if ("problem" in parsed) {
      assert.equal(expected, null, `${parsed.problem}, though it is a release`);
      assert.notEqual(parsed.problem, "");
      return false;
    }
    assert.deepEqual(parsed.version, expected);
    assert.deepEqual(parseVersion(`v${name.replace(/^v/, "")}`), {
      version: { ...parsed.version, name: `v${name.replace(/^v/, "")}` },
    });
    return true;
  },
};

/** Three names, a line each: the order of any three is that of the contract, and what is derived from it too. */
export const ORDER: FuzzedParser = {
  name: "order of versions",
  inputs: shortInputs({
    samples: [
      "1.0.0+1.24.2-rootless\n1.0.0+1.24.10-rootless\n1.0.0+1.24.2",
      "1.0.0+v1.2\n1.0.0+1.2\nv1.0.0+1.2",
      "1.9.0+1\n1.10.0+1\n1.10.0+01",
      "2.0.0+a1b\n2.0.0+a01b\n2.0.0+a10",
      "2.0.0+1.9\n2.0.0+1.a\n2.0.0+1.\u{1f600}",
    ],
    pieces: [...GRAMMAR.pieces, "\n1.0.0+"],
  }),
  long: longInputs({
    samples: ["1.0.0+1\n1.0.0+2\n1.0.0+"],
    pieces: [...GRAMMAR.pieces, "1.", "a1", "\n1.0.0+"],
  }),
  accepts: (text) => {
    const names = text.split("\n").slice(0, 3);
    const versions = names
      .map((name) => parseVersion(name))
      .flatMap((parsed) => ("version" in parsed ? [parsed.version] : []));
    for (const a of versions) for (const b of versions) assertOrder(a, b);
    const [a, b, c] = versions;
    if (a && b && c && compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
      assert.ok(compareVersions(a, c) <= 0, "not transitive");
    assertDerived(versions);
    return versions.length === 3;
  },
};

function assertOrder(a: Version, b: Version): void {
  const order = Math.sign(compareVersions(a, b));
  assert.equal(order, expectedOrder(a, b), `${JSON.stringify(a.name)} against ${JSON.stringify(b.name)}`);
  assert.equal(order + Math.sign(compareVersions(b, a)), 0, "not antisymmetric");
  assert.equal(order === 0, a.name === b.name, "not total");
}

function assertDerived(versions: readonly Version[]): void {
  const tags = versions.map(({ name }) => ({ name, object: "a".repeat(40), commit: "b".repeat(40) }));
  const { releases } = readTags(tags);
  const latest = latestRelease(releases, {});
  assert.ok(versions.every((version) => latest !== null && compareVersions(latest.version, version) >= 0));
  if (latest === null) return;
  const withoutIt = latestRelease(releases, { [latest.name]: "broken" });
  assert.notEqual(withoutIt?.name, latest.name);
  const base = upgradeBase(releases, latest.name, latest.name, {});
  assert.ok(base === null || compareVersions(base.version, latest.version) < 0, "a base that is not older");
}

/** A release, read another way. */
function expectedVersion(name: string): Version | null {
  const plus = name.indexOf("+");
  const recipe = name.slice(0, Math.max(0, plus)).replace(/^v/, "");
  const numbers = recipe.split(".");
  if (plus < 0 || plus === name.length - 1 || numbers.length !== 3) return null;
  const sound = numbers.every(
    (number) => /^(0|[1-9][0-9]{0,15})$/.test(number) && Number(number) <= Number.MAX_SAFE_INTEGER,
  );
  return sound ? { name, recipe, app: name.slice(plus + 1) } : null;
}

/** The contract's order, written a second time: numbers as big integers, characters one by one. */
function expectedOrder(a: Version, b: Version): number {
  const recipes = [a, b].map((version) => version.recipe.split(".").map((number) => BigInt(number)));
  return (
    orderOfLists(recipes[0] ?? [], recipes[1] ?? []) ||
    orderOfLists(runsOf(a.app), runsOf(b.app)) ||
    orderOfLists([...a.name], [...b.name])
  );
}

function orderOfLists(a: readonly (string | bigint)[], b: readonly (string | bigint)[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    if (left === right) continue;
    if (typeof left === "bigint" && typeof right === "bigint") return left < right ? -1 : 1;
    return orderOfCharacters(String(left), String(right));
  }
  return 0;
}

function orderOfCharacters(a: string, b: string): number {
  const points = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const [left, right] = [points(a), points(b)];
  const at = left.findIndex((point, index) => point !== right[index]);
  if (at < 0) return left.length < right.length ? -1 : 0;
  return right[at] === undefined || (left[at] ?? 0) > right[at] ? 1 : -1;
}

function runsOf(app: string): (string | bigint)[] {
  const characters = [...(app.startsWith("v") ? app.slice(1) : app)];
  const begins = characters.flatMap((character, index) =>
    index === 0 || isDigit(character) !== isDigit(characters[index - 1]) ? [index] : [],
  );
  return begins.map((begin, index) => {
    const run = characters.slice(begin, begins[index + 1]).join("");
    return isDigit(run[0]) ? BigInt(run) : run;
  });
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}
