import { isLabel } from "../../src/demo/verdict.ts";
import { EXPECTED } from "./expected.ts";
import type { ZooRow } from "./run-zoo.ts";

/** One thing that was said of a recipe, beside what it should be. */
export interface Compared {
  what: string;
  got: string | null;
  expected: string | null;
  asExpected: boolean;
}

/** Compares a row with the table; what was not asked (`investigated`: false) is not compared. */
export function compare(row: ZooRow, investigated: boolean): Compared[] {
  const expected = EXPECTED[row.recipe];
  if (expected === undefined) throw new Error(`the table has no row for ${row.recipe}`);
  const about = (what: string, got: string | null, wanted: string | null): Compared => ({
    what,
    got,
    expected: wanted,
    asExpected: wanted === null ? got === null : isLabel(wanted, got),
  });
  return [
    about("first week", row.labels[0], expected.labels[0]),
    about("second week", row.labels[1], expected.labels[1]),
    ...(investigated
      ? [about("cause", row.cause, expected.cause), about("confidence", row.confidence, expected.confidence)]
      : []),
    about("lint", listed(row.lint), listed(expected.lint)),
  ];
}

function listed(rules: readonly string[]): string | null {
  return rules.length === 0 ? null : rules.join(", ");
}
