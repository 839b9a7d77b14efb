import { join } from "node:path";
import { configureUpstream, makeCollection } from "../collection.ts";
import type { Bench, Figure } from "../figure.ts";
import { startGitProcess } from "../git-process.ts";
import { timeProgramAndMemory } from "../program.ts";
import { assertNothingNew, plan } from "./plan-and-sync.ts";

const FEW = 250;
const MANY = 5_000;

/** A plan of 5,000 recipes beside twenty of 250, and the memory that it takes. */
export async function measureLargePlan(bench: Bench): Promise<Figure[]> {
  const few = makeCollection(join(bench.folder, "few"), FEW, true);
  const many = makeCollection(join(bench.folder, "many"), MANY, true);
  await using git = await startGitProcess(many.upstreams);
  for (const collection of [few, many]) configureUpstream(collection, git.url);
  const fewMs: number[] = [];
  const manyMs: number[] = [];
  const peaks: number[] = [];
  const args = ["--config", many.configuration, "--json", "plan"];
  for (let round = 0; round < bench.rounds; round++) {
    fewMs.push(await plan(few));
    const { ms, peakMiB, stdout } = await timeProgramAndMemory(args, join(bench.folder, "status"));
    assertNothingNew(stdout, many);
    manyMs.push(ms);
    peaks.push(peakMiB);
  }
  const reference = { what: `20 × the plan of ${FEW}`, values: fewMs.map((ms) => 20 * ms) };
  return [
    { what: `plan of ${MANY}, nothing new`, unit: "ms", measured: manyMs, reference, limit: 1.15 },
    { what: "  most memory of its process", unit: "MiB", measured: peaks, reference: null, limit: 200 },
  ];
}
