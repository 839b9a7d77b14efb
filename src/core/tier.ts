import { z } from "zod";
import { TIERS } from "./tiers.ts";

export { TIERS };
export const Tier = z.enum(TIERS);
export type Tier = z.infer<typeof Tier>;

/** The decision about a tier before the test begins. */
export type PlannedTier = { tier: Tier; planned: true } | { tier: Tier; planned: false; reason: string };

export const TierStatus = z.enum(["passed", "failed", "skipped", "not-reached"]);
export type TierStatus = z.infer<typeof TierStatus>;

/** How one tier ended. Only `passed` counts as passed; executed are those that passed or failed. */
export const TierEnd = z.object({
  tier: Tier,
  status: TierStatus,
  /** Why it failed or was skipped. */
  reason: z.string().optional(),
  /** With `not-reached`: the tier that failed earlier, or `machinery`. */
  because: z.string().optional(),
  /** With `failed`: a test said so, and not the deploy or the app. Absent in older reports. */
  isOfTest: z.boolean().optional(),
  durationMs: z.number(),
  /** Each test that ran or was left out in this tier. */
  tests: z
    .array(
      z.object({
        name: z.string(),
        status: z.enum(["passed", "failed", "skipped", "not-planned"]),
        reason: z.string().optional(),
        durationMs: z.number(),
      }),
    )
    .optional(),
});
export type TierEnd = z.infer<typeof TierEnd>;
export type TestEnd = NonNullable<TierEnd["tests"]>[number];

export function wasExecuted(end: Pick<TierEnd, "status">): boolean {
  return end.status === "passed" || end.status === "failed";
}
