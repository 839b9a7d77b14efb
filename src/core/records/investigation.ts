import { z } from "zod";
import { Arm, AttemptOutcome, Cause } from "../cause/evidence.ts";
import { RowOutcome } from "../outcome.ts";
import { TierEnd } from "../tier.ts";

export const INVESTIGATION_SCHEMA = 1;

/** How busy the host was: shares of all its cores, of the time that was looked at. */
export const HostLoad = z.object({
  /** Nobody else used more than `busyAbove` of the host. */
  isolated: z.boolean(),
  /** What is neither ours nor Docker's own used so much of the cores; the busiest five seconds. */
  foreign: z.number(),
  /** Some task waited for a processor, or for the disk, for so much of the time; null where the kernel does not say. */
  waitedForCpu: z.number().nullable(),
  waitedForDisk: z.number().nullable(),
  /** Load average of the last minute, per core. */
  loadAverage: z.number(),
});
export type HostLoad = z.infer<typeof HostLoad>;

const Release = z.object({ version: z.string(), commit: z.string() });

/** One run of an investigation. */
export const InvestigationRun = z.object({
  /** `02-alone`: its folder below `attempts/` of the run. */
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
  /** Where its evidence stands, below the run's folder. */
  evidence: z.string(),
});
export type InvestigationRun = z.infer<typeof InvestigationRun>;

/** `investigation.json`: what a red is, and how that is known. */
export const Investigation = z.object({
  schema: z.literal(INVESTIGATION_SCHEMA),
  recipe: z.string(),
  run: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  /** The release that was red. */
  release: Release,
  /** The red that was investigated. */
  red: z.object({
    run: z.string(),
    label: z.string(),
    outcome: RowOutcome.optional(),
    at: z.string(),
    firstError: z.string(),
  }),
  /** What it was compared with; null where there is no other release. */
  knownGood: Release.extend({ isCanonical: z.boolean() }).nullable(),
  cause: Cause,
  because: z.string(),
  confidence: z.object({
    /** `3 of 3 alone red`, one for each kind of runs. */
    counts: z.array(z.string()),
    /** The chance, at most, that the runs look like this though the cause is another; null where none is known. */
    chance: z.number().nullable(),
    /**
     * Where that chance is not known, as nothing green was compared with: so many runs were red again, and a flake
     * that is green every other time is red in all of them with this chance. Null where it does not apply.
     */
    evenFlake: z.object({ reds: z.number(), chance: z.number() }).nullable().default(null),
  }),
  runs: z.array(InvestigationRun),
  /** Kinds of runs that could not be made. */
  notPossible: z.array(z.object({ kind: Arm, reason: z.string() })),
  isolation: HostLoad.extend({
    busyAbove: z.number(),
    /** `--busy`: it went on though others were at work. */
    askedFor: z.boolean(),
  }),
  /** What `lint` finds in the release that is known to break where it broke. */
  lint: z.array(z.string()),
  /** The load under which it was tested; null where it was not. `busy` is the share of all cores in use. */
  load: z.object({ workers: z.number(), busy: z.number(), writtenBytes: z.number() }).nullable(),
  /** What would raise the confidence; null: nothing that can be run. */
  raise: z.string().nullable(),
  next: z.object({ what: z.string(), who: z.string(), command: z.string().nullable() }),
});
export type Investigation = z.infer<typeof Investigation>;
