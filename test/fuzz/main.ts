import { isDeepStrictEqual } from "node:util";
import { DOCKER_28, differences } from "../compose/difference.ts";
import { generateRelease } from "../compose/generated-files.ts";
import { makeTwice } from "../compose/on-swarm.ts";
import { fuzz } from "./fuzz.ts";
import { PARSERS } from "./parsers.ts";

const MOST_RUNS = 1_000_000;

/** `npm run fuzz [-- PARSER…]`: every parser, or those whose name begins so; `FUZZ_RUNS` and `FUZZ_SEED` as in tests. */
function main(words: readonly string[]): void {
  const runs = Number(process.env.FUZZ_RUNS ?? MOST_RUNS);
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  const chosen = PARSERS.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)),
  );
  for (const parser of chosen) {
    const result = fuzz(parser, runs, seed);
    const figures = [
      `${result.inputs} inputs`,
      `${(result.elapsedMs / 1000).toFixed(1)} s`,
      `accepted ${result.accepted}`,
      `rejected ${result.rejected}`,
      `worst ${result.worstMs.toFixed(1)} ms`,
      `seed ${result.seed}`,
    ];
    process.stdout.write(`${parser.name.padEnd(24)}  ${figures.join("  ")}\n`);
    if (result.problem === null) continue;
    process.exitCode = 1;
    process.stdout.write(`${parser.name}: ${result.problem}\n`);
  }
  if (chosen.some(({ name }) => name === "compose file")) compareCompose(seed);
  if (chosen.length === 0) {
    process.exitCode = 2;
    process.stdout.write(`no such parser; there are: ${PARSERS.map(({ name }) => name).join(", ")}\n`);
  }
}

/** Generated compose files, read by us and by Docker's current client; `FUZZ_COMPARED` sets how many. */
function compareCompose(seed: number): void {
  const count = Number(process.env.FUZZ_COMPARED ?? 5_000);
  const { counts, problems } = differences(DOCKER_28, seed, count);
  const figures = Object.entries(counts).map(([end, number]) => `${end} ${number}`);
  process.stdout.write(`${"compose, with Docker 28".padEnd(24)}  ${figures.join("  ")}  seed ${seed}\n`);
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
  deployCompose(seed, Math.ceil(count / 50));
}

/** Every fiftieth is deployed too, where this machine has a swarm: by its files, and by our rendering. */
function deployCompose(seed: number, count: number): void {
  const counts = { deployed: 0, refused: 0 };
  for (let each = seed; each < seed + count; each += 1) {
    const made = makeTwice(generateRelease(each));
    counts[made.end] += 1;
    if (made.end !== "deployed" || isDeepStrictEqual(made.byFiles, made.byUs)) continue;
    process.exitCode = 1;
    process.stdout.write(`seed ${each}: other services: ${JSON.stringify(made)}\n`);
  }
  process.stdout.write(
    `${"compose, on the swarm".padEnd(24)}  deployed ${counts.deployed}  refused ${counts.refused}  seed ${seed}\n`,
  );
}

main(process.argv.slice(2));
