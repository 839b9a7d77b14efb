import { join } from "node:path";
import type { LaneConfig, RecipeConfig } from "../../config/config.ts";
import type { Failure } from "../../core/act.ts";
import { describeFailure } from "../../core/act.ts";
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

/** What is known of a red while the app still stands. */
export interface Red {
  redAt: Tier | null;
  failure: Failure | null;
  tiers: TierEnd[];
  /** What was said of the surroundings and is not so, with the evidence. */
  ruledOut: MachineryVerdict["ruledOut"];
}

/** So much of a step's log is read, in bytes. */
const LOG_BYTES = 256 * 1024;

/**
 * Looks whether the surroundings broke a test that seems to be red: what the failing command, the tasks and the
 * containers said is judged by what this machine says of itself now. Where it is proven the red is taken back.
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

/** What seemed to be red says nothing of the recipe: its tier was not reached because of machinery. */
export function takeRedBack(red: Red, step: string, because: string): void {
  const { failure, redAt } = red;
  if (redAt === null || failure === null) return;
  red.redAt = null;
  red.failure = {
    cause: "machinery",
    step,
    message: `${because}; before that, ${describeFailure(failure)}`,
  };
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
  // What an app says while a test of it runs concerns the test only where this machine bears it out.
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
