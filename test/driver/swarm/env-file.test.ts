// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose and .env files
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  expandEntries,
  formatEnvFile,
  overlayEntries,
  parseEnvFile,
  quoteValue,
} from "../../../src/driver/recipe-files/env-file.ts";

const valuesOf = (text: string, given = {}) => expandEntries(parseEnvFile(text), given);

describe("an .env file", () => {
  it.each<[string, string, Record<string, string>]>([
    ["has a value as it stands", "A=b c", { A: "b c" }],
    ["may have spaces around its parts", "  A = b  ", { A: "b" }],
    ["leaves comments and empty lines out", "# A=1\n\n  #B=2\nC=3", { C: "3" }],
    ["ends a value at a comment", "A=b # note", { A: "b" }],
    ["keeps a # within a value", "A=b#c", { A: "b#c" }],
    ["may have an empty value", "A=\nB= # none", { A: "", B: "" }],
    ["takes quotes off", `A="b # c"\nB='d $A'`, { A: "b # c", B: "d $A" }],
    ["refers to earlier values", "A=x\nB=$A/y\nC=${A}z\nD=$NOPE.", { A: "x", B: "x/y", C: "xz", D: "." }],
    ["may escape a dollar", 'A="\\$x\\n"\nB=\\$y', { A: "$x\n", B: "$y" }],
    ["may say export", "export A=b", { A: "b" }],
    ["may have Windows ends of line", "A=b\r\nB=c\r\n", { A: "b", B: "c" }],
    ["keeps = in a value", "A=b=c==", { A: "b=c==" }],
  ])("%s", (_name, text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  it("says in a comment how a secret is generated", () => {
    expect(parseEnvFile("SECRET_DB_VERSION=v1 # length=64 charset=hex")).toEqual([
      { name: "SECRET_DB_VERSION", raw: "v1", modifiers: { length: "64", charset: "hex" } },
    ]);
  });

  it("is overruled by given values", () => {
    expect(valuesOf("DOMAIN=sample\nLINK=https://$DOMAIN", { DOMAIN: "real" })).toEqual({
      DOMAIN: "real",
      LINK: "https://real",
    });
  });

  it("laid over another keeps the place and the modifiers of what it replaces", () => {
    const merged = overlayEntries(parseEnvFile("A=1 # length=5\nB=2"), parseEnvFile("C=3\nA=9"));
    expect(formatEnvFile(merged)).toBe("A=9 # length=5\nB=2\nC=3\n");
  });

  it("keeps what a variable had where it is set again with itself: overlays of COMPOSE_FILE add up", () => {
    const text =
      'COMPOSE_FILE="compose.yml"\nCOMPOSE_FILE="$COMPOSE_FILE:b.yml"\nCOMPOSE_FILE=${COMPOSE_FILE}:c.yml\n';
    const laidOver = overlayEntries(parseEnvFile(text), parseEnvFile("A=b"));
    expect(expandEntries(laidOver, {}).COMPOSE_FILE).toBe("compose.yml:b.yml:c.yml");
    expect(valuesOf("A=x\nA=$AB/$A", { AB: "y" }).A).toBe("y/x");
  });

  it("gives any value back that was quoted for it", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const text = formatEnvFile([{ name: "A", raw: quoteValue(value), modifiers: {} }]);
        return valuesOf(text).A === value;
      }),
    );
  });
});
