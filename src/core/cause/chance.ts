/** More than this chance of being wrong, and nothing is established. */
export const ESTABLISHED = 0.05;
/** The same where a release is blamed for what a test says: of tests more are flakes than of deploys. */
export const ESTABLISHED_BY_TEST = 0.02;

/**
 * The chance, at most, that `reds` runs of one kind are all red and `greens` runs of another kind all green though
 * the kinds do not differ: the largest p^reds × (1 - p)^greens over every chance p of a run to be red, which is at
 * p = reds / (reds + greens). 1 where one of the two numbers is 0: then any p close enough to 1, or 0, explains it.
 */
export function chanceOfNoDifference(reds: number, greens: number): number {
  if (reds === 0 || greens === 0) return 1;
  const p = reds / (reds + greens);
  return p ** reds * (1 - p) ** greens;
}

/** The chance that a flake which is green every other time is red in all of so many runs. */
export function chanceOfEvenFlake(reds: number): number {
  return 0.5 ** reds;
}

const STEPS = 1000;

/**
 * The same where not all runs of the first kind are red: the chance, at most, of `reds` or more of `runs` red there
 * and of none of `greens` red here.
 */
export function chanceOfSoMany(reds: number, runs: number, greens: number): number {
  if (reds === runs) return chanceOfNoDifference(reds, greens);
  if (reds === 0 || greens === 0) return 1;
  let largest = 0;
  for (let step = 1; step < STEPS; step++) {
    const p = step / STEPS;
    largest = Math.max(largest, atLeast(reds, runs, p) * (1 - p) ** greens);
  }
  return largest;
}

function atLeast(reds: number, runs: number, p: number): number {
  let sum = 0;
  for (let count = reds; count <= runs; count++)
    sum += choose(runs, count) * p ** count * (1 - p) ** (runs - count);
  return sum;
}

function choose(from: number, count: number): number {
  let ways = 1;
  for (let each = 1; each <= count; each++) ways = (ways * (from - count + each)) / each;
  return ways;
}
