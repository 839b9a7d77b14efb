import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";

/** Reads: the tests kept with the canonical, and the digest in its record. */
export const keptTests: Rule = {
  id: "kept-tests",
  claim: "the tests that were green are kept with the canonical, unchanged",
  judge: (facts) =>
    provenOf(facts).flatMap(({ paths, recipe, testsProblem }) =>
      testsProblem === null ? [] : [{ recipe, evidence: testsProblem, command: `ls -la ${paths.keptTests}` }],
    ),
};
