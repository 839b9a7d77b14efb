import { expect, it } from "vitest";
import { firstError } from "../../src/core/text/first-error.ts";

it.each([
  ["the first line that tells of an error", "ok\nError: no space\nfatal: later", "Error: no space"],
  ["an exception of a program", "x\nTypeError: fetch failed\n    at y", "TypeError: fetch failed"],
  ["what a test expected", "running\nexpected 200, got 502\nbye", "expected 200, got 502"],
  ["the last line where none tells", "starting\nstopped\n\n", "stopped"],
  ["without control characters", "\u001b[31merror\u001b[0m: red\u0007", "[31merror [0m: red"],
  ["nothing for silence", " \n\n", null],
])("the first error of an output is %s", (_what, output, error) => {
  expect(firstError(output)).toBe(error);
});
