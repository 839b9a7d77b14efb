import { z } from "zod";
import { Action } from "../decision/decision.ts";
import { Down } from "../down.ts";
import { RowOutcome } from "../outcome.ts";
import { TierEnd } from "../tier.ts";

export const REPORT_SCHEMA = 1;

const VersionRef = z.object({ version: z.string(), commit: z.string() });

/** The result of a promotion; null in a row without one. */
export const PromotionReport = z.object({
  kind: z.enum(["seed", "advance"]),
  from: z.string().nullable(),
  to: z.string(),
  result: z.enum(["promoted", "refused", "rolled-back"]),
  /** The failed step, by its name in `promotion.json`. */
  step: z.string().optional(),
  reason: z.string().optional(),
  sentinel: z.enum(["planted", "verified", "none"]).optional(),
  outageMs: z.number().optional(),
  notes: z.array(z.string()).optional(),
  durationMs: z.number(),
});
export type PromotionReport = z.infer<typeof PromotionReport>;

export const RecipeReport = z.object({
  recipe: z.string(),
  decision: z.object({ action: Action, reason: z.string(), reasons: z.array(z.string()) }),
  target: z.object({ version: z.string(), commit: z.string(), tagObject: z.string().nullable() }).nullable(),
  tiers: z.array(TierEnd),
  promotion: PromotionReport.nullable(),
  label: z.string(),
  /** Absent in older reports: `outcomeOfRow` reads those too. */
  outcome: RowOutcome.optional(),
  detail: z.string(),
  /** Of a red test: the detail without the count before it, so that the first error stands first. */
  error: z.string().optional(),
  canonicalBefore: VersionRef.nullable(),
  canonicalAfter: VersionRef.nullable(),
  needsHuman: z.boolean(),
  /** The brief, as a path below the run's folder; null for PASS and SKIP. */
  brief: z.string().nullable(),
  durationMs: z.number(),
  /** From when to when a known red is acknowledged. */
  acknowledged: z.object({ reason: z.string(), until: z.string(), owner: z.string().optional() }).optional(),
  /** A known explanation of such an error (`known-causes.yaml`): it hides nothing. */
  knownCause: z
    .object({
      id: z.string(),
      cause: z.string(),
      link: z.string(),
      owner: z.string(),
      /** The last day in force, `YYYY-MM-DD`. */
      until: z.string(),
      /** That day has passed. */
      expired: z.boolean(),
    })
    .optional(),
  /** Only its live canonical, which was down, needs a person. */
  onlyDown: z.boolean().optional(),
  /** The warning that its live canonical was down. */
  downWarning: z.string().optional(),
  /** Things worth knowing that stopped nothing. */
  warnings: z.array(z.string()).optional(),
  /** Tiers that were not planned, with the reason. */
  notPlanned: z.array(z.object({ tier: z.string(), reason: z.string() })).optional(),
  lane: z.string().optional(),
  /** The command that ends a block or a hold. */
  command: z.string().optional(),
  /** The run that tested it, if that was killed and this sweep continues it. */
  testedIn: z.string().optional(),
});
export type RecipeReport = z.infer<typeof RecipeReport>;

export const Honesty = z.object({
  enrolled: z.number(),
  skipped: z.number(),
  passed: z.number(),
  promoted: z.number(),
  failed: z.number(),
  promoteFailed: z.number(),
  blocked: z.number(),
  notRun: z.number(),
  tiersPlanned: z.number(),
  tiersExecuted: z.number(),
  hollow: z.boolean(),
});
export type Honesty = z.infer<typeof Honesty>;

/** `report.json`. */
export const Report = z.object({
  schema: z.literal(REPORT_SCHEMA),
  run: z.string(),
  kind: z.enum(["sweep", "run"]),
  trigger: z.enum(["timer", "manual", "daemon", "catch-up", "demo"]),
  program: z.object({ name: z.string(), version: z.string(), node: z.string() }),
  configuration: z.object({ path: z.string(), commit: z.string().nullable(), dirty: z.boolean().nullable() }),
  environment: z.object({
    fingerprint: z.string(),
    tools: z.array(
      z.object({
        name: z.string(),
        path: z.string().nullable(),
        version: z.string().nullable(),
        hash: z.string().nullable(),
      }),
    ),
    changes: z.array(z.string()),
  }),
  startedAt: z.string(),
  endedAt: z.string(),
  exit: z.number(),
  honesty: Honesty,
  /** Why the sweep is hollow; empty if it is not. */
  hollowReasons: z.array(z.string()),
  notEnrolled: z.array(z.object({ recipe: z.string(), reason: z.string() })),
  changes: z.array(
    z.object({ recipe: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  disk: z.object({ free: z.number().nullable(), canonicals: z.number().nullable() }),
  /** The killed run that this sweep continues. */
  continues: z.string().optional(),
  /** Faults in the configuration that stopped nothing: an expired known cause. */
  findings: z.array(z.string()).optional(),
  /** Leftovers of a dead run that this one put right before anything else. */
  recovered: z.array(z.string()),
  /** Promotions of dead runs that this one could not settle. */
  unsettled: z.array(z.object({ recipe: z.string(), problem: z.string() })).optional(),
  /** Live canonicals that were down, or not known to be up, at the end. */
  down: z.array(Down).optional(),
  recipes: z.array(RecipeReport),
});
export type Report = z.infer<typeof Report>;
