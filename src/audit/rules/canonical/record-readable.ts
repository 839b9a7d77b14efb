import type { Rule } from "../../rule.ts";

/** Reads: the record of every canonical, and data without a record. */
export const recordReadable: Rule = {
  id: "record-readable",
  claim: "every canonical has a record that parses and is its own",
  judge: ({ canonicals }) =>
    canonicals.flatMap(({ recipe, reading, data, paths, isMoving }) => {
      const command = `canonical-sweep explain ${recipe}`;
      if (reading.state === "unreadable") return [{ recipe, evidence: reading.problem, command }];
      if (reading.state !== "absent" || isMoving) return [];
      if (data.state === "unseen")
        return [{ kind: "not-checked" as const, recipe, evidence: data.problem, command }];
      if (data.value.volumes.size === 0) return [];
      const names = [...data.value.volumes.keys()].join(", ");
      return [{ recipe, evidence: `${paths.record} is not there, and its data is: ${names}`, command }];
    }),
};
