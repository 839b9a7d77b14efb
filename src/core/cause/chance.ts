/** The greatest chance of error with which a cause counts as established. */
export const ESTABLISHED = 0.05;
/** The same for blaming a release for a failed test: tests are flaky more often than deploys. */
export const ESTABLISHED_BY_TEST = 0.02;

/**
 * Upper bound of the chance that `reds` runs of one kind are all red and `greens` runs of another kind all green
 * although the kinds do not differ: the maximum of p^reds × (1 - p)^greens over every chance p of a red run, which is
 * at p = reds / (reds + greens). 1 if one of the numbers is 0: then p close to 1, or to 0, explains everything.
 */
export function chanceOfNoDifference(reds: number, greens: number): number {
  if (reds === 0 || greens === 0) return 1;
  const p = reds / (reds + greens);
  return p ** reds * (1 - p) ** greens;
}

/** The chance that a flake that is green half of the time is red in all of these runs. */
export function chanceOfEvenFlake(reds: number): number {
  return 0.5 ** reds;
}

const STEPS = 1000;

/**
 * The same if some runs of the first kind are green: upper bound of the chance of at least `reds` red in `runs` there
 * and no red in `greens` here.
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
