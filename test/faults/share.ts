/**
 * `FAULTS_SHARE=1/3` takes every third fault of a long list, from the second one on; without it all are taken. Each
 * commit's CI takes one share, by the commit's id, so that the next commits take the others.
 */
const [FIRST = 0, EVERY = 1] = (process.env.FAULTS_SHARE ?? "0/1").split("/").map(Number);

/** The faults of this list that belong to this run's share; neighbours in the list alternate within a share. */
export function shareOf<T>(faults: readonly T[]): T[] {
  return faults.filter((_fault, index) => (index + Math.floor(index / EVERY)) % EVERY === FIRST);
}
