import { sep } from "node:path";
import { endMarked, findMarked } from "../../command/process-group.ts";
import type { Step } from "../../command/step.ts";
import { commandLine, readEnvironment } from "../../state/proc.ts";
import type { Outcome } from "../driver.ts";
import { succeed } from "../outcome.ts";
import type { CommandDriverOptions } from "./command-app.ts";
import { listDeploys } from "./deployed-note.ts";
import { variable } from "./processes.ts";
import { removeApp } from "./remove.ts";
import { undeployApp } from "./undeploy.ts";

/**
 * Ends what dead runs of this state folder left: each noted app by its own `undeploy`, then every process
 * whose data or scratch folder is below the state folder. Data of warm apps stays: whose it is, the record
 * says. `recorded` (names of recipes) are warm apps that may run. Returns a line for each thing removed.
 */
export async function removeLeftoversBelow(
  options: CommandDriverOptions,
  recorded: readonly string[],
  step: Step,
): Promise<Outcome<string[]>> {
  const removed: string[] = [];
  for (const { app, source } of listDeploys(options.stateRoot)) {
    if (app.instance === "warm" && recorded.includes(app.recipe)) continue;
    const outcome =
      app.instance === "cold"
        ? await removeApp(options, app, step)
        : await undeployApp(options, app, source, step);
    if (!outcome.ok) return outcome;
    removed.push(`${app.instance} app ${app.recipe} ${source.version} at ${app.domain}, of run ${app.run}`);
  }
  return succeed([...removed, ...(await endProcesses(options.stateRoot, recorded))]);
}

async function endProcesses(stateRoot: string, recorded: readonly string[]): Promise<string[]> {
  const isLeftover = (environment: readonly string[]) =>
    isBelow(stateRoot, environment) && !isRecorded(recorded, environment);
  const found = findMarked(isLeftover).map((pid) => {
    const recipe = variable(readEnvironment(pid), "SWEEP_RECIPE") ?? "unknown";
    return `process ${pid} of ${recipe}: ${commandLine(pid) ?? "ending"}`;
  });
  await endMarked(isLeftover);
  return found;
}

function isBelow(stateRoot: string, environment: readonly string[]): boolean {
  return ["SWEEP_DATA", "SWEEP_SCRATCH"].some((name) =>
    variable(environment, name)?.startsWith(stateRoot + sep),
  );
}

function isRecorded(recorded: readonly string[], environment: readonly string[]): boolean {
  const recipe = variable(environment, "SWEEP_RECIPE");
  return variable(environment, "SWEEP_INSTANCE") === "warm" && recipe !== null && recorded.includes(recipe);
}
