/** Where and how often a figure is measured; the folder is removed afterwards. */
export interface Bench {
  folder: string;
  rounds: number;
}

/** One measured figure beside what it is held against in the same run. */
export interface Figure {
  what: string;
  unit: "ms" | "MiB" | "fetches";
  /** One value a round. */
  measured: readonly number[];
  /** What the limit is made of; null where the limit is a number of its own. */
  reference: { what: string; values: readonly number[] } | null;
  /** So many times the reference, or the number itself. */
  limit: number;
}

export interface Verdict {
  measured: number;
  reference: number | null;
  /** The highest value that is within the limit. */
  allowed: number;
  ok: boolean;
}

/** What the medians of all rounds say. */
export function judge(figure: Figure): Verdict {
  const measured = median(figure.measured);
  const reference = figure.reference === null ? null : median(figure.reference.values);
  const allowed = reference === null ? figure.limit : reference * figure.limit;
  return { measured, reference, allowed, ok: measured <= allowed };
}

/** The middle of the values; of an even number the mean of both. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return (low + high) / 2;
}
