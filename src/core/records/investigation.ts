import { z } from "zod";
import { Arm, AttemptOutcome, Cause } from "../cause/evidence.ts";
import { RowOutcome } from "../outcome.ts";
import { TierEnd } from "../tier.ts";

export const INVESTIGATION_SCHEMA = 1;

/** How busy the host was: shares of all its cores during the observed time. */
export const HostLoad = z.object({
  /** Nobody else used more than `busyAbove` of the host. */
  isolated: z.boolean(),
  /** Share of the cores used by processes that are neither ours nor Docker's, in the busiest five seconds. */
  foreign: z.number(),
  /** Share of the time in which some task waited for a processor, or for the disk; null if the kernel does not say. */
  waitedForCpu: z.number().nullable(),
  waitedForDisk: z.number().nullable(),
  /** Load average of the last minute, per core. */
  loadAverage: z.number(),
});
export type HostLoad = z.infer<typeof HostLoad>;

const Release = z.object({ version: z.string(), commit: z.string() });

/** One run of an investigation. */
export const InvestigationRun = z.object({
  /** Name of its folder below `attempts/` of the run: `02-alone`. */
  id: z.string(),
  kind: Arm,
  recipe: z.string(),
  version: z.string(),
  commit: z.string(),
  tests: z.enum(["today", "last green", "own"]),
  outcome: AttemptOutcome,
  firstError: z.string().nullable(),
  tiers: z.array(TierEnd),
  host: HostLoad,
  startedAt: z.string(),
  durationMs: z.number(),
  /** Its evidence, below the run's folder. */
  evidence: z.string(),
});
export type InvestigationRun = z.infer<typeof InvestigationRun>;

/** `investigation.json`: the cause of a red, and its proof. */
export const Investigation = z.object({
  schema: z.literal(INVESTIGATION_SCHEMA),
  recipe: z.string(),
  run: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  /** The release that was red. */
  release: Release,
  /** The investigated red. */
  red: z.object({
    run: z.string(),
    label: z.string(),
    outcome: RowOutcome.optional(),
    at: z.string(),
    firstError: z.string(),
  }),
  /** The release that it was compared with; null if there is none. */
  knownGood: Release.extend({ isCanonical: z.boolean() }).nullable(),
  cause: Cause,
  because: z.string(),
  confidence: z.object({
    /** One line per kind of runs: `3 of 3 alone red`. */
    counts: z.array(z.string()),
    /** Upper bound of the chance that the runs look like this although the cause is another; null if unknown. */
    chance: z.number().nullable(),
    /**
     * Used if that chance is unknown because there was no green run to compare with: the number of runs that were red
     * again, and the chance that a flake that is green half of the time is red in all of them. Null if it does not
     * apply.
     */
    evenFlake: z.object({ reds: z.number(), chance: z.number() }).nullable().default(null),
  }),
  runs: z.array(InvestigationRun),
  /** Kinds of runs that were not possible. */
  notPossible: z.array(z.object({ kind: Arm, reason: z.string() })),
  isolation: HostLoad.extend({
    busyAbove: z.number(),
    /** `--busy`: it ran on a busy host. */
    askedFor: z.boolean(),
  }),
  /** `lint` findings in the release that are known to break at this point. */
  lint: z.array(z.string()),
  /** The load during the test; null without one. `busy` is the share of all cores in use. */
  load: z.object({ workers: z.number(), busy: z.number(), writtenBytes: z.number() }).nullable(),
  /** A way to raise the confidence; null: nothing more can be run. */
  raise: z.string().nullable(),
  next: z.object({ what: z.string(), who: z.string(), command: z.string().nullable() }),
});
export type Investigation = z.infer<typeof Investigation>;
