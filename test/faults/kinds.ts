/** The kinds of fault, as the closing lines of `npm run test:faults` count them. */
export const FAULT_KINDS = [
  "kill point",
  "power loss",
  "bad state",
  "hostile input",
  "network fault",
  "wedge",
  "foreign object",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault that was produced, and what came of it. */
export interface Fault {
  kind: FaultKind;
  /** What was done to the program. */
  name: string;
  /** What it did, in a few words. */
  outcome: string;
  /** What was proven and is gone: records, data, kept secrets. */
  lost: readonly string[];
  /** What the program had not made and is no longer as it was. */
  touched: readonly string[];
}
