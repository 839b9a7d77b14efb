import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";
import { judgeTag } from "./judge-tag.ts";

/** Reads: the record, and upstream's current tags. */
export const tagUpstream: Rule = {
  id: "tag-upstream",
  claim: "upstream has the tag of the record, with its commit and its tag object",
  judge: (facts) =>
    provenOf(facts).flatMap(({ recipe, record, upstream }) =>
      judgeTag(record, upstream).map((found) => ({ recipe, ...found })),
    ),
};
