import { setTimeout as wait } from "node:timers/promises";
import { type ActResult, DONE, failed } from "../../core/act.ts";
import type { Act } from "./command-app.ts";
import { forgetDeploy, readDeploy } from "./deployed-note.ts";
import { failureOf } from "./failure.ts";
import { isUp, lookAt, type Seen } from "./look.ts";
import { endWhatIsLeft, processesOf } from "./processes.ts";
import { runLine } from "./run-line.ts";

/** Time for a supervisor to stop an app, in milliseconds. */
const STOPPING_MS = 5_000;
const LOOK_EVERY_MS = 200;

/**
 * Runs `undeploy` if the app was deployed or is seen to run, ends its remaining processes, and looks whether the app is
 * really gone: that decides, not the exit code.
 */
export async function undeployApp(act: Act): Promise<ActResult> {
  const { options, app, step } = act;
  const note = readDeploy(options.stateRoot, app.domain);
  const known = { ...act, source: note?.source ?? act.source };
  if (note === null && !(await mayBeUp(known))) return DONE;
  const result = await runLine("undeploy", known);
  await endWhatIsLeft(app, step);
  const failure = result === null || result.ok ? null : failureOf(result, "undeploy", step);
  if (failure !== null && failure.cause !== "recipe") return failed(failure);
  const left = await waitUntilDown(known);
  if (left !== null) return failed({ cause: "recipe", step: "undeploy", message: failure?.message ?? left });
  if (failure !== null) step.warn(`\`undeploy\` failed, yet nothing runs: ${failure.message}`);
  forgetDeploy(options.stateRoot, app.domain);
  return DONE;
}

async function mayBeUp(act: Act): Promise<boolean> {
  if (processesOf(act.app).length > 0) return true;
  const seen = await lookAt(act);
  return !seen.ok || isUp(seen.value);
}

/** The remains of the app after the time for a supervisor; null if it is gone. */
async function waitUntilDown(act: Act): Promise<string | null> {
  const { step } = act;
  const endsAt = step.clock.now() + STOPPING_MS;
  for (;;) {
    const seen = await lookAt(act);
    const left = seen.ok ? whatIsLeft(seen.value) : seen.failure.message;
    if (left === null || step.clock.now() >= endsAt || step.signal.aborted) return left;
    await wait(LOOK_EVERY_MS);
  }
}

function whatIsLeft(seen: Seen): string | null {
  if (!isUp(seen)) return null;
  if (seen.processes.length > 0) return `processes cannot be ended: ${seen.processes.join(", ")}`;
  return `\`version\` still answers ${seen.version} after \`undeploy\``;
}
