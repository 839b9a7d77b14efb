import { EXIT } from "../../core/exit.ts";
import { renderParagraph } from "../../render/paragraph.ts";
import { whoIsAtWork } from "../../report/who-is-at-work.ts";
import type { LockHolder } from "../../run/lock.ts";
import { requestStop } from "../../run/stop.ts";
import type { Invocation } from "../invocation.ts";
import { openState } from "../open-state.ts";
import { printResult } from "../print.ts";

const STOP_ANSWER_SCHEMA = 1;

/** `stop`: leaves a request for the run at work. */
export async function runStop(invocation: Invocation): Promise<number> {
  const { state } = openState(invocation);
  const holder = whoIsAtWork(state);
  if (holder !== null) requestStop(state, holder.run, invocation.surroundings.clock);
  printResult(invocation, { schema: STOP_ANSWER_SCHEMA, asked: holder !== null, atWork: holder }, (layout) =>
    renderParagraph(holder === null ? "nothing is at work" : describeRequest(holder), layout),
  );
  return EXIT.ok;
}

function describeRequest({ run, command, pid, since }: LockHolder): string {
  const who = `${command} (run ${run}, process ${pid}, since ${since})`;
  return `asked ${who} to end after its current recipe; \`canonical-sweep status\` shows when it has`;
}
