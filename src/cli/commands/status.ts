import { EXIT } from "../../core/exit.ts";
import { statusView } from "../../core/view/status-view.ts";
import { renderStanding } from "../../render/standing.ts";
import { readStatus, statusDocument } from "../../report/status.ts";
import type { Invocation } from "../invocation.ts";
import { openState } from "../open-state.ts";
import { printResult } from "../print.ts";

/** `status`: prints the current state, from the state folder. */
export async function runStatus(invocation: Invocation): Promise<number> {
  const now = invocation.surroundings.clock.now();
  const status = readStatus(openState(invocation), now);
  printResult(invocation, statusDocument(status), (layout) =>
    renderStanding(statusView(status), status.atWork, now, layout),
  );
  return EXIT.ok;
}
