import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";
import { lookAtData, placeOfData } from "./place-of-data.ts";

/** Reads: the volumes in the record, and the existing ones. */
export const dataExists: Rule = {
  id: "data-exists",
  claim: "every volume of the record exists, and was made by this program or adopted",
  judge: (facts) =>
    provenOf(facts).flatMap((canonical) => {
      const { data, recipe, record } = canonical;
      if (data.state === "unseen") {
        const command = lookAtData(canonical, record.volumes?.[0]?.name ?? "");
        return [{ kind: "not-checked" as const, recipe, evidence: data.problem, command }];
      }
      return (record.volumes ?? []).flatMap(({ name }) => {
        const volume = data.value.volumes.get(name);
        const command = lookAtData(canonical, name);
        if (volume === undefined)
          return [{ recipe, evidence: `${placeOfData(canonical, name)} is not there`, command }];
        if (volume.isOurs) return [];
        const evidence = `${placeOfData(canonical, name)} is there, and carries no mark of this program: somebody else made it`;
        return [{ recipe, evidence, command }];
      });
    }),
};
