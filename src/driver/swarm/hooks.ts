import type { Step } from "../../command/step.ts";
import { certainSign } from "../../core/cause/machinery-signature.ts";
import { missingTool } from "../../core/cause/missing-tool.ts";
import type { Docker } from "../../docker/docker.ts";
import { demand, firstError, machineryFailure, recipeFailure } from "../../docker/failure.ts";
import { sayAll } from "../../docker/say-all.ts";
import { readStack } from "../../docker/watch/read-stack.ts";

/** Errors of a container that was replaced between the look and the hook. */
const REPLACED = /is not running|no such container|is restarting|409/i;
const ATTEMPTS = 3;

/**
 * Runs a recipe's own hook in the running container of a service, as backup-bot does. Throws `ActFailed` (recipe) with
 * the hook's words.
 */
export async function runHook(
  docker: Docker,
  stack: string,
  service: string,
  name: string,
  hook: string | null,
  step: Step,
): Promise<void> {
  if (hook === null || hook.trim() === "") return;
  for (let attempt = 1; ; attempt += 1) {
    const container = await runningContainer(docker, stack, service, step);
    if (container === null) throw recipeFailure(`${name} of ${service}: no container of it is running`);
    step.say(`${name} of ${service}: ${hook}`);
    const result = await docker.act(step, ["exec", container, "sh", "-c", hook], { capture: true });
    sayAll(result, step);
    // The client exits with 0 when it is stopped.
    if (result.timedOut || result.cancelled) demand(result, step);
    if (result.ok) return;
    if (attempt < ATTEMPTS && REPLACED.test(result.stderr)) continue;
    if (result.exitCode === null) demand(result, step);
    const said = firstError(`${result.stderr}\n${result.stdout}`) ?? "it said nothing";
    const message = `${name} of ${service} exited with ${result.exitCode}: ${said}`;
    const tool = missingTool(said, result.exitCode);
    if (tool !== null) throw machineryFailure(`a tool is missing inside the container: ${tool}; ${message}`);
    throw certainSign(said, "app") === null ? recipeFailure(message) : machineryFailure(message);
  }
}

async function runningContainer(
  docker: Docker,
  stack: string,
  service: string,
  step: Step,
): Promise<string | null> {
  const { services, tasks } = await readStack(docker, stack, step);
  const id = services.find((entry) => entry.name === service)?.id;
  const task = tasks.find(
    (entry) => entry.serviceId === id && entry.state === "running" && entry.desired === "running",
  );
  return task?.container ?? null;
}
