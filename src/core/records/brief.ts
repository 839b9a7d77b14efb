import { z } from "zod";
import { RecipeReport } from "./report.ts";

export const BRIEF_SCHEMA = 1;

const Row = RecipeReport.shape;

/** A command that was run, in the order of the test. */
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

/** Lines of a file around the one that is told of. */
export const SourceLines = z.object({
  /** A test relative to the recipe's configuration folder, or a file of the release. */
  file: z.string(),
  /** From 1. */
  line: z.number(),
  lines: z.array(z.object({ number: z.number(), text: z.string() })),
});
export type SourceLines = z.infer<typeof SourceLines>;

/** What broke, as exactly as it is known. */
export const HardFailure = z.object({
  /** What was being done: a tier, `promote`, or why nothing was tested. */
  step: z.string().nullable(),
  /** When it failed, ISO 8601; null where nothing ran. */
  at: z.string().nullable(),
  command: z.string().nullable(),
  exitCode: z.number().nullable(),
  timedOut: z.boolean(),
  /** What the command said, the lines around the first error; `omitted` lines of it are not shown. */
  output: z.array(z.string()),
  omitted: z.number(),
  /** The whole of it: a file, absolute. */
  log: z.string().nullable(),
  source: SourceLines.nullable(),
});
export type HardFailure = z.infer<typeof HardFailure>;

/** Since when a recipe has not been green, by the reports that are kept. */
export const Since = z.object({
  /** The first run of the row of reds, this one where it is new. */
  run: z.string(),
  at: z.string(),
  /** So many runs in a row, this one among them. */
  runs: z.number(),
  /** Whether the run before this one failed with the same first error; null where this is the first. */
  sameError: z.boolean().nullable(),
  errorBefore: z.string().nullable(),
  lastGreen: z.object({ run: z.string(), at: z.string(), label: z.string() }).nullable(),
});
export type Since = z.infer<typeof Since>;

/** The failure report of one recipe: `brief.json`, and what `brief.md` is written from. Later versions add to it. */
export const Brief = z.object({
  schema: z.literal(BRIEF_SCHEMA),
  recipe: z.string(),
  run: z.string(),
  label: z.string(),
  outcome: Row.outcome,
  /** The tested release, with its commit in full. */
  target: Row.target,
  canonical: Row.canonicalBefore,
  /** What broke, in the first words that said so. */
  failure: z.string(),
  hardFailure: HardFailure,
  /** What somebody has said of an error like this one. */
  knownCause: Row.knownCause,
  /** What `investigate` found. */
  cause: z
    .object({ cause: z.string(), confidence: z.string(), runs: z.array(z.string()), next: z.string() })
    .optional(),
  /** The program, the configuration and the state folder, absolute, and where it was tested. */
  scope: z.object({
    program: z.string(),
    configuration: z.string(),
    state: z.string(),
    driver: z.string().nullable(),
    lane: z.string().nullable(),
  }),
  tiers: Row.tiers,
  notPlanned: z.array(z.object({ tier: z.string(), reason: z.string() })),
  /** Tiers that were planned and not reached. */
  notReached: z.array(z.string()),
  commands: z.array(Command),
  warnings: z.array(z.string()),
  services: z.array(Service),
  /** Which addresses a name of its services leads to, where others answer to it too. */
  names: z.array(z.string()),
  promotion: Row.promotion,
  /** The fingerprint of the tools. */
  environment: z.string(),
  /** What differs from the last green, a line each; null: there is no green to compare with. */
  differs: z.array(z.string()).nullable(),
  /** With a failed promotion: what differs between the cold test, which was green, and the warm app. */
  coldAndWarm: z.array(z.string()),
  since: Since,
  /** What was ruled out, each with its evidence. */
  ruledOut: z.array(z.object({ what: z.string(), evidence: z.string() })),
  notKnown: z.array(z.object({ what: z.string(), settledBy: z.string() })),
  /** The folder of the evidence, absolute, and the files in it; of very many the first. */
  evidence: z.string(),
  artefacts: z.array(z.object({ path: z.string(), bytes: z.number() })),
  artefactsOmitted: z.number(),
  /** The command that ends what blocks it; null where no command does. */
  endedBy: z.string().nullable(),
  /** One command that reproduces it. */
  reproduce: z.string(),
});
export type Brief = z.infer<typeof Brief>;
