import type { RecipeConfig } from "../../config/config.ts";
import type { Answer } from "../../edge/probe.ts";
import type { Context } from "../../run/context.ts";

/** Why a live provider cannot be used now, by one look over the edge; null if it answers properly. */
export async function liveProblem(context: Context, provider: RecipeConfig): Promise<string | null> {
  const answer = await look(context, provider);
  return answer === null || answer.healthy ? null : `it is not healthy: ${answer.seen}`;
}

// Checks with the recipe's own commands wait for its turn, in the test itself.
async function look(context: Context, provider: RecipeConfig): Promise<Answer | null> {
  const lane = context.config.lanes[0];
  const { health } = provider;
  if (lane === undefined || "command" in health || provider.commands?.url !== undefined) return null;
  // Loaded only for a live provider: it brings all of Node's HTTP with it.
  const { probeHttp, probeTcp, targetOf } = await import("../../edge/probe.ts");
  const target = targetOf(null, lane.edge, provider.domain);
  return "tcp" in health
    ? probeTcp(target.address, health.tcp)
    : probeHttp(target, health.path, health.status);
}
