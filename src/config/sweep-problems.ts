import type { Problem } from "./configuration-fault.ts";
import type { LoadedSweep } from "./loaded.ts";
import { problemAt } from "./schema-problems.ts";

const WITH_RECIPE = "an address with {recipe} in it, because all recipes share it";

/** What is wrong in `sweep.yaml` beyond its schema. */
export function sweepProblems(sweep: LoadedSweep | null): Problem[] {
  if (sweep?.value == null) return [];
  const { yaml, value } = sweep;
  const problems: Problem[] = [];
  if (value.upstream?.includes("{recipe}") === false)
    problems.push(problemAt(yaml, ["upstream"], WITH_RECIPE));
  if (value.mirror?.url.includes("{recipe}") === false)
    problems.push(problemAt(yaml, ["mirror", "url"], WITH_RECIPE));
  for (const [index, lane] of value.lanes.entries())
    if (value.lanes.findIndex((other) => other.name === lane.name) < index)
      problems.push(problemAt(yaml, ["lanes", index, "name"], "a name that no other lane has"));
  for (const name of Object.keys(value.environment))
    if (isReserved(name))
      problems.push(
        problemAt(
          yaml,
          ["environment", name],
          "other names: PATH, HOME and SWEEP_… are set by the program",
          name,
        ),
      );
  return problems;
}

function isReserved(name: string): boolean {
  return name === "PATH" || name === "HOME" || name.startsWith("SWEEP_");
}
