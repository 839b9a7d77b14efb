import { join } from "node:path";
import type { LaneConfig, RecipeConfig } from "../../config/config.ts";
import { describeFailure, type Failure } from "../../core/act.ts";
import {
  certainSign,
  type MachinerySign,
  machinerySigns,
  missingInside,
} from "../../core/cause/machinery-signature.ts";
import { judgeSigns, type MachineryVerdict } from "../../core/cause/machinery-verdict.ts";
import type { ServiceState } from "../../core/read-back.ts";
import { lastLine } from "../../core/text/last-line.ts";
import { failedCommand, outputOfCommand } from "../../core/text/step-output.ts";
import type { Tier, TierEnd } from "../../core/tier.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Context } from "../../run/context.ts";
import { readTail } from "../../state/read-tail.ts";
import { askHost } from "./ask-host.ts";

/** Facts about a red while the app still runs. */
export interface Red {
  redAt: Tier | null;
  failure: Failure | null;
  tiers: TierEnd[];
  /** Refuted claims about the surroundings, with the evidence. */
  ruledOut: MachineryVerdict["ruledOut"];
}

/** Bytes read of a step's log. */
const LOG_BYTES = 256 * 1024;

/**
 * Decides whether the surroundings broke a test that seems red: the output of the failing command, the tasks and the
 * containers is judged by this machine's own state now. If it is proven, the red is withdrawn.
 */
export async function judgeMachinery(
  context: Context,
  at: { recipe: RecipeConfig; lane: LaneConfig },
  red: Red,
  evidence: Evidence,
  services: readonly ServiceState[],
): Promise<void> {
  const { failure, redAt } = red;
  if (redAt === null || failure === null) return;
  const signs = signsOf(failure, outputOfRed(evidence, redAt, failure), services);
  const { broken, ruledOut } = judgeSigns(signs, await askHost(context, at.recipe, at.lane, signs));
  red.ruledOut.push(...ruledOut);
  if (broken !== null) takeRedBack(red, failure.step, broken);
}

/** Withdraws a seeming red, which proves nothing about the recipe: its tier was not reached because of machinery. */
export function takeRedBack(red: Red, step: string, because: string): void {
  const { failure, redAt } = red;
  if (redAt === null || failure === null) return;
  red.redAt = null;
  red.failure = { cause: "machinery", step, message: `${because}; before that, ${describeFailure(failure)}` };
  red.tiers = red.tiers.map(({ reason, ...end }) => {
    if (end.tier !== redAt && end.because !== redAt) return reason === undefined ? end : { ...end, reason };
    return { ...end, status: "not-reached", because: "machinery" };
  });
}

function outputOfRed(evidence: Evidence, redAt: Tier, failure: Failure): string {
  const command = failedCommand(evidence.commands, redAt, failure.step);
  if (command === null) return "";
  return outputOfCommand(readTail(join(evidence.folder, `${redAt}.log`), LOG_BYTES), command.command).join(
    "\n",
  );
}

function signsOf(failure: Failure, output: string, services: readonly ServiceState[]): MachinerySign[] {
  const own = machinerySigns(`${output}\n${failure.message}\n${failure.lastSeen ?? ""}`, "host");
  // Output of an app during its test counts for the test only if this machine confirms it.
  const isOfTest = failure.step.includes("/");
  const inside = services.flatMap(({ failedTasks, lastLogLines, state }) => {
    const said = [...lastLogLines, ...failedTasks].join("\n");
    const decisive = lastLine(lastLogLines.join("\n"));
    const ended =
      isOfTest || decisive === null || state.startsWith("running") ? null : missingInside(decisive);
    const signs = machinerySigns(said, "app").filter((sign) => !isOfTest || sign.proof === "host");
    return ended === null ? signs : [ended, ...signs];
  });
  const task = isOfTest ? null : (missingInside(failure.message) ?? certainSign(failure.message, "app"));
  return [...(task === null ? [] : [task]), ...own, ...inside];
}
