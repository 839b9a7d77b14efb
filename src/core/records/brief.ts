import { z } from "zod";
import { RecipeReport } from "./report.ts";

export const BRIEF_SCHEMA = 1;

const Row = RecipeReport.shape;

/** A command of the test, in order. */
const Command = z.object({
  step: z.string(),
  command: z.string(),
  exitCode: z.number().nullable(),
  timedOut: z.boolean(),
  startedAt: z.string(),
  durationMs: z.number(),
});

const Service = z.object({
  service: z.string(),
  state: z.string(),
  lastLogLines: z.array(z.string()),
  failedTasks: z.array(z.string()),
});

/** Lines of a file around the one in question. */
export const SourceLines = z.object({
  /** A test relative to the recipe's configuration folder, or a file of the release. */
  file: z.string(),
  /** From 1. */
  line: z.number(),
  lines: z.array(z.object({ number: z.number(), text: z.string() })),
});
export type SourceLines = z.infer<typeof SourceLines>;

/** The failure, as exactly as known. */
export const HardFailure = z.object({
  /** The step under way: a tier, `promote`, or why nothing was tested. */
  step: z.string().nullable(),
  /** Time of the failure, ISO 8601; null if nothing ran. */
  at: z.string().nullable(),
  command: z.string().nullable(),
  exitCode: z.number().nullable(),
  timedOut: z.boolean(),
  /** Output of the command around the first error; `omitted` lines are not shown. */
  output: z.array(z.string()),
  omitted: z.number(),
  /** The file with the complete output, absolute. */
  log: z.string().nullable(),
  source: SourceLines.nullable(),
});
export type HardFailure = z.infer<typeof HardFailure>;

/** Since when a recipe has not been green, according to the kept reports. */
export const Since = z.object({
  /** The first run of the series of reds; this one if the red is new. */
  run: z.string(),
  at: z.string(),
  /** Number of runs in the series, including this one. */
  runs: z.number(),
  /** Whether the run before this one failed with the same first error; null if this is the first. */
  sameError: z.boolean().nullable(),
  errorBefore: z.string().nullable(),
  lastGreen: z.object({ run: z.string(), at: z.string(), label: z.string() }).nullable(),
});
export type Since = z.infer<typeof Since>;

/** The failure report of one recipe: `brief.json`, from which `brief.md` is written. Later versions add to it. */
export const Brief = z.object({
  schema: z.literal(BRIEF_SCHEMA),
  recipe: z.string(),
  run: z.string(),
  label: z.string(),
  outcome: Row.outcome,
  /** The tested release, with its full commit. */
  target: Row.target,
  canonical: Row.canonicalBefore,
  /** The first message about the failure. */
  failure: z.string(),
  hardFailure: HardFailure,
  /** A known explanation of such an error. */
  knownCause: Row.knownCause,
  /** The findings of `investigate`. */
  cause: z
    .object({ cause: z.string(), confidence: z.string(), runs: z.array(z.string()), next: z.string() })
    .optional(),
  /** The program, the configuration and the state folder, absolute, and the place of the test. */
  scope: z.object({
    program: z.string(),
    configuration: z.string(),
    state: z.string(),
    driver: z.string().nullable(),
    lane: z.string().nullable(),
  }),
  tiers: Row.tiers,
  notPlanned: z.array(z.object({ tier: z.string(), reason: z.string() })),
  /** Planned tiers that were not reached. */
  notReached: z.array(z.string()),
  commands: z.array(Command),
  warnings: z.array(z.string()),
  services: z.array(Service),
  /** Addresses behind service names that other stacks answer too. */
  names: z.array(z.string()),
  promotion: Row.promotion,
  /** The fingerprint of the tools. */
  environment: z.string(),
  /** Differences from the last green, a line each; null: there is no green to compare with. */
  differs: z.array(z.string()).nullable(),
  /** For a failed promotion: differences between the green cold test and the warm app. */
  coldAndWarm: z.array(z.string()),
  since: Since,
  /** Causes that were ruled out, with the evidence. */
  ruledOut: z.array(z.object({ what: z.string(), evidence: z.string() })),
  notKnown: z.array(z.object({ what: z.string(), settledBy: z.string() })),
  /** The folder of the evidence, absolute, and its files; only the first ones if there are many. */
  evidence: z.string(),
  artefacts: z.array(z.object({ path: z.string(), bytes: z.number() })),
  artefactsOmitted: z.number(),
  /** The command that ends the block; null if none does. */
  endedBy: z.string().nullable(),
  /** One command that reproduces the failure. */
  reproduce: z.string(),
});
export type Brief = z.infer<typeof Brief>;
