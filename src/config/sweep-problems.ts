import type { Problem } from "./configuration-fault.ts";
import { isLoopback, parseListen } from "./listen.ts";
import type { LoadedSweep } from "./loaded.ts";
import { problemAt } from "./schema-problems.ts";

const WITH_RECIPE = "an address with {recipe} in it, because all recipes share it";

/** Faults of `sweep.yaml` beyond its schema. */
export function sweepProblems(sweep: LoadedSweep | null): Problem[] {
  if (sweep === null) return [];
  const { yaml, sound } = sweep;
  const problems: Problem[] = [];
  if (sound.upstream?.includes("{recipe}") === false)
    problems.push(problemAt(yaml, ["upstream"], WITH_RECIPE));
  if (sound.mirror?.url.includes("{recipe}") === false)
    problems.push(problemAt(yaml, ["mirror", "url"], WITH_RECIPE));
  if (
    sound.allowRemote === false &&
    isLoopback(parseListen(sound.listen ?? "")?.host ?? "localhost") === false
  )
    problems.push(
      problemAt(
        yaml,
        ["listen"],
        "an address of this machine alone, such as 127.0.0.1:8390, or `allowRemote: true`",
      ),
    );
  for (const [index, lane] of (sound.lanes ?? []).entries())
    if (sound.lanes?.slice(0, index).some((other) => other.name === lane.name))
      problems.push(problemAt(yaml, ["lanes", index, "name"], "a name that no other lane has"));
  for (const name of Object.keys(sound.environment ?? {}))
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
