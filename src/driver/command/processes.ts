import { endMarked, endsWithin, findMarked } from "../../command/process-group.ts";
import type { Step } from "../../command/step.ts";
import { commandLine } from "../../host/proc.ts";
import type { CommandApp } from "./command-app.ts";

/** Time for processes to end by themselves after `undeploy`, in milliseconds: databases need some. */
const ENDING_MS = 5_000;

/** The processes of an app: those with the environment of its commands, wherever they went. */
export function processesOf(app: CommandApp): number[] {
  return findMarked((environment) => isOf(app, environment));
}

/** Ends an app's remaining processes after its `undeploy`, which should have ended them: a warning names each. */
export async function endWhatIsLeft(app: CommandApp, step: Step): Promise<void> {
  if (await endsWithin(ENDING_MS, () => processesOf(app).length === 0)) return;
  const named = processesOf(app).map((pid) => `${pid} (${commandLine(pid) ?? "gone"})`);
  await endMarked((environment) => isOf(app, environment));
  step.warn(`\`undeploy\` of ${app.recipe} at ${app.domain} left processes, now ended: ${named.join(", ")}`);
}

/** A variable of a process's environment. */
export function variable(environment: readonly string[], name: string): string | null {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

function isOf(app: CommandApp, environment: readonly string[]): boolean {
  return (
    environment.includes(`SWEEP_DATA=${app.data}`) &&
    environment.includes(`SWEEP_INSTANCE=${app.instance}`) &&
    environment.includes(`SWEEP_RECIPE=${app.recipe}`)
  );
}
