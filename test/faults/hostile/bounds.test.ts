// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of .env files
import { describe, expect, it } from "vitest";
import { BOUNDS } from "../../../src/core/bounds.ts";
import { ActFailed } from "../../../src/docker/failure.ts";
import { demandFewSecrets, secretForm } from "../../../src/driver/generated-secret.ts";
import { readExports } from "../../../src/driver/recipe-files/abra-sh.ts";
import { expandEntries, parseEnvFile } from "../../../src/driver/recipe-files/env-file.ts";

const doubling = (line: (index: number) => string) => Array.from({ length: 70 }, (_, index) => line(index));
const valuesOf = (text: string) => expandEntries(parseEnvFile(text), {});
const pair = (index: number) => `$V${index}\${V${index}}`;

/** What an `.env.sample` says, and what its recipe's row must say of it. */
const VARIABLES: readonly [string, () => string, RegExp][] = [
  [
    "lines that double",
    () => `V0=xx\n${doubling((i) => `V${i + 1}=${pair(i)}`).join("\n")}`,
    /variable V\d+ has \d+ bytes; at most 65536/,
  ],
  [
    "lines that double in quotes",
    () => `V0=xx\n${doubling((i) => `V${i + 1}="${pair(i)}"`).join("\n")}`,
    /at most 65536/,
  ],
  [
    "one variable that doubles itself",
    () => `A=xx\n${doubling(() => "A=$A$A").join("\n")}`,
    /variable A has \d+ bytes; at most 65536/,
  ],
  [
    "one that doubles itself in quotes",
    () => `A=xx\n${doubling(() => 'A="${A}${A}"').join("\n")}`,
    /at most 65536/,
  ],
  [
    "one that is filled in ten thousand times",
    () => `A=${"x".repeat(60_000)}\nB=${"$A".repeat(10_000)}`,
    /variable B has \d+ bytes; at most 65536/,
  ],
  [
    "many that are each within their bound",
    () => `A=${"x".repeat(60_000)}\n${doubling((i) => `B${i}=$A`).join("\n")}`,
    /filled in, has \d+ bytes; at most 524288/,
  ],
  [
    "100,000 variables",
    () => Array.from({ length: 25_000 }, (_, i) => `V${i}=1`).join("\n"),
    /has 25000 variables; at most 2000/,
  ],
  ["a file of 10 MB", () => `# ${"x".repeat(10_000_000)}`, /has 10000002 bytes; at most 262144/],
  [
    "a value of 100 KB in single quotes",
    () => `A='${"x".repeat(100_000)}'`,
    /variable A has 100000 bytes; at most 65536/,
  ],
  ["a NUL", () => "A=a\0b", /variable A has a NUL/],
];

describe("an .env.sample past a bound is the recipe's own failure, with the bound and what was found", () => {
  it.each(VARIABLES)("is refused at once: %s", (_name, make, wanted) => {
    const text = make();
    expect(refusalOf(() => valuesOf(text))).toMatch(wanted);
  });

  it("and one within the bounds is read as ever", () => {
    const text = Array.from({ length: BOUNDS.variables }, (_, index) => `V${index}=${"x".repeat(100)}`).join(
      "\n",
    );
    expect(Object.keys(valuesOf(text))).toHaveLength(BOUNDS.variables);
    expect(valuesOf(`A=${"x".repeat(BOUNDS.variableBytes)}`).A).toHaveLength(BOUNDS.variableBytes);
  });
});

describe("an abra.sh past a bound is the recipe's own failure", () => {
  it.each<[string, string, RegExp]>([
    [
      "an export of 100 KB",
      `export A="${"x".repeat(100_000)}"`,
      /variable A has 100000 bytes; at most 65536/,
    ],
    ["an export with a NUL", 'export A="a\0b"', /variable A has a NUL/],
  ])("%s", (_name, text, wanted) => {
    expect(refusalOf(() => readExports(text))).toMatch(wanted);
  });
});

describe("a secret that may not be generated is the recipe's own failure, with what is allowed", () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      "length=1000000000",
      { length: "1000000000" },
      /length=1000000000; a generated secret has 8 to 512 characters/,
    ],
    ["length=513", { length: "513" }, /8 to 512/],
    ["length=7", { length: "7" }, /length=7; a generated secret has 8 to 512/],
    ["length=0", { length: "0" }, /8 to 512/],
    ["length=-1", { length: "-1" }, /8 to 512/],
    ["length=1e9", { length: "1e9" }, /8 to 512/],
    ["length=0x7fffffff", { length: "0x7fffffff" }, /8 to 512/],
    ["length=64abc", { length: "64abc" }, /8 to 512/],
    ["length of a megabyte of nines", { length: "9".repeat(1_000_000) }, /length=9{40}; /],
    ["charset=everything", { charset: "everything" }, /charset=everything; allowed are default, special/],
    ["charset=__proto__", { charset: "__proto__" }, /charset=__proto__; allowed/],
    ["charset=constructor,hex", { charset: "constructor,hex" }, /charset=constructor; allowed/],
    ["charset=", { charset: "," }, /charset=; allowed/],
  ])("%s", (_name, modifiers, wanted) => {
    expect(refusalOf(() => secretForm("SECRET_X_VERSION", modifiers))).toMatch(wanted);
  });

  it("101 secrets are too many", () => {
    expect(refusalOf(() => demandFewSecrets(101))).toMatch(/101 secrets.*at most 100/);
  });

  it("and an allowed secret is made as it was asked for", () => {
    expect(secretForm("S", {})).toMatchObject({ length: 32 });
    expect(secretForm("S", { length: "8", charset: "numeric" })).toEqual({
      length: 8,
      characters: "0123456789",
    });
    expect(secretForm("S", { length: "512", charset: "hex,special" }).characters).toBe(
      "0123456789abcdef!@#$%^&*_-+=?",
    );
  });
});

/** The recipe's failure that something throws, within a second; anything else fails the test. */
function refusalOf(act: () => unknown): string {
  const began = performance.now();
  try {
    act();
  } catch (error) {
    expect(performance.now() - began).toBeLessThan(1_000);
    if (error instanceof ActFailed && error.failure.cause === "recipe") return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}
