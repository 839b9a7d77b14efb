import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import type { Step } from "../command/step.ts";
import { BOUNDS } from "../core/bounds.ts";
import type { ServiceState } from "../core/read-back.ts";
import { cutMiddle } from "../core/text/cut-middle.ts";
import { shownLines } from "../core/text/shown-lines.ts";
import { messageOf } from "../fault.ts";
import { writeWhole } from "../state/files.ts";
import { findCollisions } from "./aliases.ts";
import { type Docker, nonEmptyLines } from "./docker.ts";
import { inspect } from "./inspect.ts";
import { readStack, type ServiceReading, type StackReading, type TaskReading } from "./watch/read-stack.ts";

/** Limit of one question, in milliseconds: reading the logs of a container that is just ending can hang. */
const LIMIT_MS = 10_000;
const LOG_LINES = 300;
/** Minimum for a service's log, even if the others have used up the whole budget. */
const LEAST_CHARACTERS = 4_096;

/**
 * Writes everything visible of a stack into a folder before it is torn down: states, tasks, logs, mounts, configs, and
 * names that other stacks answer too. Never fails: a note stands in place of anything missing. `hide` removes secrets
 * from a text.
 */
export async function collectEvidence(
  docker: Docker,
  stack: string,
  folder: string,
  step: Step,
  hide: (text: string) => string = (text) => text,
): Promise<ServiceState[]> {
  const write = (name: string, text: string) => writeWhole(join(folder, name), hide(text), 0o600);
  const reading = await orSay(() => readStack(docker, stack, brief(step)), step, { services: [], tasks: [] });
  const states: ServiceState[] = [];
  let room: number = BOUNDS.serviceLogsCharacters;
  for (const service of reading.services) {
    const read = await orSay(() => readLog(docker, service, reading, brief(step), hide), step, "");
    const log = cutMiddle(read, Math.min(BOUNDS.serviceLogCharacters, room));
    room = Math.max(LEAST_CHARACTERS, room - log.length);
    await orSay(async () => write(`${fileName(service.name)}.log`, log), step, undefined);
    states.push(stateOf(service, reading, nonEmptyLines(log)));
  }
  const tasks = async () => cutMiddle(await listTasks(docker, stack, step), BOUNDS.serviceLogCharacters);
  await orSay(async () => write("services.txt", await tasks()), step, undefined);
  await orSay(
    async () => write("services.json", await describeServices(docker, reading, step)),
    step,
    undefined,
  );
  await orSay(async () => write("aliases.txt", await describeAliases(docker, stack, step)), step, undefined);
  return states;
}

async function orSay<T>(collect: () => Promise<T>, step: Step, instead: T): Promise<T> {
  try {
    return await collect();
  } catch (error) {
    step.say(`evidence is incomplete: ${messageOf(error)}`);
    return instead;
  }
}

function brief(step: Step): Step {
  return step.within(deadlineIn(step.clock, "collecting evidence", LIMIT_MS));
}

// `service logs` omits containers that are gone, and may wait for them for ever.
async function readLog(
  docker: Docker,
  service: ServiceReading,
  reading: StackReading,
  step: Step,
  hide: (text: string) => string,
): Promise<string> {
  const all = tasksOf(service, reading).flatMap(({ container }) => (container === null ? [] : [container]));
  const containers = [...new Set(all)].slice(-BOUNDS.serviceContainers);
  const left = new Set(all).size - containers.length;
  const parts = left === 0 ? [] : [`… the logs of ${left} older containers were left out …`];
  const most = Math.floor(BOUNDS.serviceLogCharacters / Math.max(1, containers.length));
  for (const container of containers) {
    const args = ["logs", "--timestamps", "--tail", String(LOG_LINES), "--", container];
    const result = await docker.look(step, args);
    const lines = result.ok ? nonEmptyLines(`${result.stdout}\n${result.stderr}`).sort() : ["(gone)"];
    parts.push(`# container ${container.slice(0, 12)}`, cutMiddle(hide(lines.join("\n")), most));
  }
  return `${parts.join("\n")}\n`;
}

function tasksOf(service: ServiceReading, reading: StackReading): TaskReading[] {
  return reading.tasks
    .filter((task) => task.serviceId === service.id)
    .sort((a, b) => a.createdAtMs - b.createdAtMs);
}

function stateOf(service: ServiceReading, reading: StackReading, logLines: string[]): ServiceState {
  const tasks = tasksOf(service, reading);
  const running = tasks.filter((task) => task.state === "running" && task.desired === "running").length;
  const failed = tasks.filter((task) => ["failed", "rejected"].includes(task.state));
  const update = service.updateState === null ? "" : `, update ${service.updateState}`;
  return {
    service: service.name,
    state: `${running}/${service.desired ?? "each node"} running${update}, image ${service.image}`,
    lastLogLines: shownLines(logLines.filter((line) => !line.startsWith("# container "))),
    failedTasks: failed.map(describeTask),
  };
}

function describeTask(task: TaskReading): string {
  const code = task.exitCode === null ? "" : ` exit code ${task.exitCode}`;
  return `${new Date(task.changedAtMs).toISOString()} ${task.state}${code} ${task.error}`.trim();
}

async function listTasks(docker: Docker, stack: string, step: Step): Promise<string> {
  const result = await docker.look(brief(step), ["stack", "ps", "--no-trunc", stack]);
  return `${result.stdout}${result.stderr}`;
}

/** The differences between a cold and a warm app: mounts, configs, networks, and the names of variables. */
async function describeServices(docker: Docker, reading: StackReading, step: Step): Promise<string> {
  const ids = reading.services.map((service) => service.id);
  const found = await inspect(docker, "service", ids, brief(step));
  const described = found.map((entry) => {
    const { Name, TaskTemplate } = (
      entry as { Spec: { Name: string; TaskTemplate: { ContainerSpec: Spec } } }
    ).Spec;
    const { Image, Mounts, Configs, Secrets, Env } = TaskTemplate.ContainerSpec;
    const variables = (Env ?? []).map((pair) => pair.split("=", 1)[0]);
    return {
      service: Name,
      image: Image,
      mounts: Mounts ?? [],
      configs: Configs ?? [],
      secrets: Secrets ?? [],
      variables,
    };
  });
  return `${JSON.stringify(described, null, 2)}\n`;
}

interface Spec {
  Image: string;
  Mounts?: unknown[];
  Configs?: unknown[];
  Secrets?: unknown[];
  Env?: string[];
}

async function describeAliases(docker: Docker, stack: string, step: Step): Promise<string> {
  const collisions = await findCollisions(docker, stack, brief(step));
  if (collisions.length === 0) return "No name of this stack is answered by another stack.\n";
  const lines = collisions.map(
    ({ alias, network, answers }) =>
      `\`${alias}\` on the network ${network} is answered by\n  ${answers.join("\n  ")}`,
  );
  return `${lines.join("\n")}\n`;
}

function fileName(service: string): string {
  return service.replace(/[^A-Za-z0-9._-]/g, "_");
}
