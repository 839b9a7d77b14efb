import { configureUpstream, makeCollection } from "../collection.ts";
import type { Bench, Figure } from "../figure.ts";
import { time, timeProgram } from "../program.ts";

const RECIPES = 20;
/** Single starts differ by more than the limits leave: each round takes this many. */
const STARTS = 5;

/** `--version`, and a plan of 20 recipes from the cache, beside an empty program. */
export async function measureStartUp(bench: Bench): Promise<Figure[]> {
  const collection = makeCollection(bench.folder, RECIPES, true);
  configureUpstream(collection, `file://${collection.upstreams}`);
  const plan = ["--config", collection.configuration, "plan"];
  await timeProgram(plan);
  const empty: number[] = [];
  const version: number[] = [];
  const cached: number[] = [];
  for (let start = 0; start < bench.rounds * STARTS; start++) {
    empty.push((await time(process.execPath, ["-e", "0"])).ms);
    version.push((await timeProgram(["--version"])).ms);
    cached.push((await timeProgram([...plan, "--no-sync"])).ms);
  }
  const reference = { what: "node -e 0", values: empty };
  return [
    { what: "--version", unit: "ms", measured: version, reference, limit: 3 },
    { what: `plan --no-sync of ${RECIPES}`, unit: "ms", measured: cached, reference, limit: 6 },
  ];
}
