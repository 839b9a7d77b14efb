import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";
import { judgeTag } from "./judge-tag.ts";

/** Reads: the record, and the tags of the bare mirror and of the mirror on a forge. */
export const tagMirror: Rule = {
  id: "tag-mirror",
  claim: "the mirror has the tag of the record, with its commit and its tag object",
  judge: (facts) =>
    provenOf(facts).flatMap(({ recipe, record, mirrors }) =>
      mirrors.flatMap((mirror) => judgeTag(record, mirror)).map((found) => ({ recipe, ...found })),
    ),
};
