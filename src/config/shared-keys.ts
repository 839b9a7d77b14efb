import { z } from "zod";
import { DRIVER_NAMES, TRAITS } from "../core/driver-traits.ts";
import { Duration, GitAddress, text, WebAddress } from "./values.ts";

const Forge = z
  .strictObject({
    kind: z.literal("gitea").describe("Kind of the forge: gitea (or a relative with the same API)"),
    url: WebAddress.describe("The forge's address"),
    tokenFile: text("a file").describe("A file that holds an access token; relative to this folder"),
    issues: z
      .boolean()
      .default(false)
      .describe("Keep an issue in the mirror of each recipe that needs its maintainer"),
  })
  .describe("The forge that the mirror lives on: no-op pull requests are closed there");

/** `mirror`, for all recipes and for one. */
export const Mirror = z
  .strictObject({
    url: GitAddress.describe("The mirror's address; {recipe} stands for the recipe's name"),
    forge: Forge.optional(),
  })
  .describe("Our own copy of each recipe; absent: the bare mirror in the state folder is the mirror");

const LIMITS = {
  deploy: "One deploy, until it has converged and is healthy",
  tier: "One tier with its tests",
  promote: "One promotion, its rollback not counted",
  recipe: "Everything of one recipe",
  sweep: "A whole sweep",
  git: "One command of git over the network",
} as const;

/** `timeouts` of `sweep.yaml`. */
export const Timeouts = z
  .strictObject({
    deploy: Duration.default("10m").describe(LIMITS.deploy),
    tier: Duration.default("15m").describe(LIMITS.tier),
    promote: Duration.default("20m").describe(LIMITS.promote),
    recipe: Duration.default("60m").describe(LIMITS.recipe),
    sweep: Duration.default("12h").describe(LIMITS.sweep),
    git: Duration.default("60s").describe(LIMITS.git),
  })
  .describe("Limits on the wall clock");

/**
 * `timeouts` of a recipe. Not `Timeouts.partial()`: zod fills in defaults there too, and one override would reset all
 * others.
 */
export const TimeoutOverrides = z
  .strictObject({
    deploy: Duration.optional().describe(LIMITS.deploy),
    tier: Duration.optional().describe(LIMITS.tier),
    promote: Duration.optional().describe(LIMITS.promote),
    recipe: Duration.optional().describe(LIMITS.recipe),
    sweep: Duration.optional().describe(LIMITS.sweep),
    git: Duration.optional().describe(LIMITS.git),
  })
  .describe("Limits that differ from those of sweep.yaml");

export const DriverName = z
  .enum(DRIVER_NAMES)
  .describe(`How apps are deployed: ${DRIVER_NAMES.map((name) => TRAITS[name].introduction).join(", ")}`);
export const Upstream = GitAddress.describe(
  "Where the recipes come from; {recipe} stands for the recipe's name",
);
