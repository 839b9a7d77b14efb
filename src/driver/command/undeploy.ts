import { setTimeout as wait } from "node:timers/promises";
import type { Step } from "../../command/step.ts";
import { type ActResult, DONE, failed } from "../../core/act.ts";
import type { CommandApp, CommandDriverOptions, CommandSource } from "./command-app.ts";
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
export async function undeployApp(
  options: CommandDriverOptions,
  app: CommandApp,
  known: CommandSource | null,
  step: Step,
): Promise<ActResult> {
  const note = readDeploy(options.stateRoot, app.domain);
  const source = note?.source ?? known;
  if (note === null && !(await mayBeUp(options, app, source, step))) return DONE;
  const result = await runLine(options, "undeploy", { app, source }, step);
  await endWhatIsLeft(app, step);
  const failure = result === null || result.ok ? null : failureOf(result, "undeploy", step);
  if (failure !== null && failure.cause !== "recipe") return failed(failure);
  const left = await waitUntilDown(options, app, source, step);
  if (left !== null) return failed({ cause: "recipe", step: "undeploy", message: failure?.message ?? left });
  if (failure !== null) step.warn(`\`undeploy\` failed, yet nothing runs: ${failure.message}`);
  forgetDeploy(options.stateRoot, app.domain);
  return DONE;
}

async function mayBeUp(
  options: CommandDriverOptions,
  app: CommandApp,
  source: CommandSource | null,
  step: Step,
): Promise<boolean> {
  if (processesOf(app).length > 0) return true;
  const seen = await lookAt(options, app, source, step);
  return !seen.ok || isUp(seen.value);
}

/** The remains of the app after the time for a supervisor; null if it is gone. */
async function waitUntilDown(
  options: CommandDriverOptions,
  app: CommandApp,
  source: CommandSource | null,
  step: Step,
): Promise<string | null> {
  const endsAt = step.clock.now() + STOPPING_MS;
  for (;;) {
    const seen = await lookAt(options, app, source, step);
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
