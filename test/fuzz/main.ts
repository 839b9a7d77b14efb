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
  if (chosen.length === 0) {
    process.exitCode = 2;
    process.stdout.write(`no such parser; there are: ${PARSERS.map(({ name }) => name).join(", ")}\n`);
  }
}

main(process.argv.slice(2));
