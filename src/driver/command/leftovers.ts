import { sep } from "node:path";
import { endMarked, findMarked } from "../../command/process-group.ts";
import type { Step } from "../../command/step.ts";
import { type ActResult, succeed } from "../../core/act.ts";
import { commandLine, readEnvironment } from "../../host/proc.ts";
import type { CommandDriverOptions } from "./command-app.ts";
import { type Deployed, listDeploys } from "./deployed-note.ts";
import { variable } from "./processes.ts";
import { removeApp } from "./remove.ts";
import { undeployApp } from "./undeploy.ts";

/**
 * Ends leftovers of dead runs of this state folder: each noted app by its own `undeploy`, then every process whose data
 * or scratch folder is below the state folder. Data of warm apps stays: it belongs to the record. `live` (names of
 * recipes) are warm apps that may run. Returns a line for each thing removed.
 */
export async function removeLeftoversBelow(
  options: CommandDriverOptions,
  live: readonly string[],
  step: Step,
): Promise<ActResult<string[]>> {
  const removed: string[] = [];
  for (const problem of listDeploys(options.stateRoot).problems) step.warn(problem);
  for (const { app, source } of staleDeploys(options, live)) {
    const act = { options, app, source, step };
    const outcome = app.instance === "cold" ? await removeApp(act) : await undeployApp(act);
    if (!outcome.ok) return outcome;
    removed.push(describeDeploy({ app, source }));
  }
  const isStale = staleProcess(options.stateRoot, live);
  removed.push(...findMarked(isStale).map(describeProcess));
  await endMarked(isStale);
  return succeed(removed);
}

/** The things that `removeLeftoversBelow` would end. */
export function findLeftoversBelow(options: CommandDriverOptions, live: readonly string[]): string[] {
  return [
    ...staleDeploys(options, live).map(describeDeploy),
    ...findMarked(staleProcess(options.stateRoot, live)).map(describeProcess),
  ];
}

function staleDeploys(options: CommandDriverOptions, live: readonly string[]): Deployed[] {
  return listDeploys(options.stateRoot).deploys.filter(
    ({ app }) => app.instance === "cold" || !live.includes(app.recipe),
  );
}

function staleProcess(stateRoot: string, live: readonly string[]) {
  return (environment: readonly string[]) => isBelow(stateRoot, environment) && !isLive(live, environment);
}

function describeDeploy({ app, source }: Deployed): string {
  return `${app.instance} app ${app.recipe} ${source.version} at ${app.domain}, of run ${app.run}`;
}

function describeProcess(pid: number): string {
  const recipe = variable(readEnvironment(pid), "SWEEP_RECIPE") ?? "unknown";
  return `process ${pid} of ${recipe}: ${commandLine(pid) ?? "ending"}`;
}

function isBelow(stateRoot: string, environment: readonly string[]): boolean {
  return ["SWEEP_DATA", "SWEEP_SCRATCH"].some((name) =>
    variable(environment, name)?.startsWith(stateRoot + sep),
  );
}

function isLive(live: readonly string[], environment: readonly string[]): boolean {
  const recipe = variable(environment, "SWEEP_RECIPE");
  return variable(environment, "SWEEP_INSTANCE") === "warm" && recipe !== null && live.includes(recipe);
}
