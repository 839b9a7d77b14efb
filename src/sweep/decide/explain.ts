import { provenRecord } from "../../core/canonical.ts";
import {
  DECISION_REASONS,
  type Decision,
  type DecisionReason,
  type Finding,
} from "../../core/decision/decision.ts";
import type { RecipeFacts } from "../../core/decision/facts.ts";
import { sweepDecision } from "../../core/decision/sweep-decision.ts";
import { readTags, upgradeBase } from "../../core/release-tag.ts";
import { askRecipe, cachedAnswer } from "../../run/ask-upstream.ts";
import { configuredRecipe } from "../../run/configured-recipe.ts";
import type { Context } from "../../run/context.ts";
import { lockHolder } from "../../run/lock.ts";
import { createSwarmVolumes } from "../../run/volumes.ts";
import { factsFor } from "./plan.ts";

/** All facts and rules behind one decision. */
export interface Explanation {
  facts: RecipeFacts;
  decision: Decision;
  /** One line per rule, in the order of judging. */
  rules: { reason: DecisionReason; applies: boolean; finding: Finding | null }[];
  /** The release from which an upgrade would start. */
  base: string | null;
  notes: string[];
}

/** Decides for one recipe and shows the reasons. Changes only the mirror cache. */
export async function explainRecipe(context: Context, name: string): Promise<Explanation> {
  const recipe = configuredRecipe(context, name);
  const holder = await lockHolder(context);
  const mirror = holder === null ? await askRecipe(context, recipe) : cachedAnswer(context, recipe);
  const facts = await factsFor(context, recipe, mirror, holder === null ? createSwarmVolumes(context) : null);
  const decision = sweepDecision(facts);
  return {
    facts,
    decision,
    rules: DECISION_REASONS.map((reason) => {
      const finding = decision.findings.find((entry) => entry.reason === reason) ?? null;
      return { reason, applies: finding !== null, finding };
    }),
    base: baseOf(facts, decision),
    notes: holder === null ? [] : ["a run is at work: cached facts are shown"],
  };
}

function baseOf(facts: RecipeFacts, decision: Decision): string | null {
  if (facts.mirror.state !== "synced" || decision.latest === null) return null;
  const canonical = provenRecord(facts.record)?.version ?? null;
  const { releases } = readTags(facts.mirror.tags);
  return upgradeBase(releases, decision.latest.version, canonical, facts.broken)?.name ?? null;
}
