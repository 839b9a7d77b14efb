import { describe, expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";
import { PARSERS } from "./parsers.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000);
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

describe("a reader of foreign text accepts or refuses any text, and soon", () => {
  it.each(PARSERS)("$name", (parser) => {
    const result = fuzz(parser, RUNS, SEED);
    expect(result.problem).toBeNull();
    expect(result.inputs).toBeGreaterThanOrEqual(RUNS);
    // A reader that refuses everything, or nothing but rubbish, would prove little.
    expect(result.accepted).toBeGreaterThan(RUNS / 100);
  });
});
