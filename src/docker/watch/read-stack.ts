import { createHash } from "node:crypto";
import { z } from "zod";
import type { Asking } from "../../command/step.ts";
import type { Docker } from "../docker.ts";
import { ActFailed, recipeFailure } from "../failure.ts";
import { inspect, listIds } from "../inspect.ts";
import { STACK_NAMESPACE } from "../labels.ts";

/** A service that swarm keeps running. */
export interface ServiceReading {
  id: string;
  /** Full name: `<stack>_app`. */
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Number of tasks that should run; null for a global service: one on each node that fits. */
  desired: number | null;
  restart: "none" | "on-failure" | "any";
  /** 0: no limit. */
  maxAttempts: number;
  image: string;
  /** Equal to the spec of a task that is up to date with the service. */
  spec: string;
  updateState: string | null;
  updateMessage: string;
  changedAtMs: number;
}

/** One attempt to run a service. Times are the daemon's. */
export interface TaskReading {
  id: string;
  serviceId: string;
  /** Swarm starts the next task in the same slot after one ends. */
  slot: string;
  state: string;
  desired: string;
  error: string;
  exitCode: number | null;
  container: string | null;
  image: string;
  spec: string;
  createdAtMs: number;
  changedAtMs: number;
}

export interface StackReading {
  services: ServiceReading[];
  tasks: TaskReading[];
}

const ContainerSpec = z.looseObject({ Image: z.string() });
const TaskSpec = z.looseObject({
  ContainerSpec,
  Networks: z.unknown().optional(),
  ForceUpdate: z.number().optional(),
  RestartPolicy: z
    .object({ Condition: z.string().optional(), MaxAttempts: z.number().optional() })
    .optional(),
});
const Service = z.object({
  ID: z.string(),
  UpdatedAt: z.string(),
  Spec: z.object({
    Name: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    TaskTemplate: TaskSpec,
    Mode: z.object({
      Replicated: z.object({ Replicas: z.number().nullish() }).nullish(),
      ReplicatedJob: z.object({ TotalCompletions: z.number().nullish() }).nullish(),
    }),
  }),
  UpdateStatus: z.object({ State: z.string().optional(), Message: z.string().optional() }).nullish(),
});
const Task = z.object({
  ID: z.string(),
  ServiceID: z.string(),
  Slot: z.number().optional(),
  NodeID: z.string().optional(),
  CreatedAt: z.string(),
  Spec: TaskSpec,
  DesiredState: z.string(),
  Status: z.object({
    Timestamp: z.string(),
    State: z.string(),
    Err: z.string().optional(),
    ContainerStatus: z
      .object({ ContainerID: z.string().optional(), ExitCode: z.number().optional() })
      .optional(),
  }),
});

/** The current services and tasks of a stack; both are empty if there is no such stack. */
export async function readStack(docker: Docker, stack: string, asking: Asking): Promise<StackReading> {
  const [services, tasks] = await Promise.all([
    readServices(docker, stack, asking),
    readTasks(docker, stack, asking),
  ]);
  return { services, tasks };
}

export async function readServices(docker: Docker, stack: string, asking: Asking): Promise<ServiceReading[]> {
  const ids = await listIds(docker, "service", [`label=${STACK_NAMESPACE}=${stack}`], asking);
  return inspectServices(docker, ids, asking);
}

/** Those of the named services that exist. */
export async function inspectServices(
  docker: Docker,
  ids: readonly string[],
  asking: Asking,
): Promise<ServiceReading[]> {
  const found = await inspect(docker, "service", ids, asking);
  return found.map((entry) => toService(Service.parse(entry))).sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function readTasks(docker: Docker, stack: string, asking: Asking): Promise<TaskReading[]> {
  return inspectTasks(docker, await listTaskIds(docker, stack, asking), asking);
}

/** Those of the named tasks that exist. */
export async function inspectTasks(
  docker: Docker,
  ids: readonly string[],
  asking: Asking,
): Promise<TaskReading[]> {
  const found = await inspect(docker, "task", ids, asking);
  return found.map((entry) => toTask(Task.parse(entry)));
}

/** The ids of a stack's tasks, including those of removed services. */
export async function listTaskIds(docker: Docker, stack: string, asking: Asking): Promise<string[]> {
  try {
    return await docker.lines(asking, ["stack", "ps", "--quiet", "--no-trunc", "--no-resolve", stack]);
  } catch (error) {
    if (error instanceof ActFailed && /nothing found in stack/i.test(error.message)) return [];
    throw error;
  }
}

function toService(service: z.infer<typeof Service>): ServiceReading {
  const { Spec: spec, UpdateStatus: update } = service;
  const policy = spec.TaskTemplate.RestartPolicy;
  return {
    id: service.ID,
    name: spec.Name,
    labels: spec.Labels ?? {},
    desired: desiredOf(spec.Mode),
    restart: restartOf(policy?.Condition, spec.Mode),
    maxAttempts: policy?.MaxAttempts ?? 0,
    image: spec.TaskTemplate.ContainerSpec.Image,
    spec: fingerprint(spec.TaskTemplate),
    updateState: update?.State ?? null,
    updateMessage: update?.Message ?? "",
    changedAtMs: timeOf(service.UpdatedAt),
  };
}

function desiredOf(mode: z.infer<typeof Service>["Spec"]["Mode"]): number | null {
  if (mode.Replicated) return mode.Replicated.Replicas ?? 1;
  if (mode.ReplicatedJob) return mode.ReplicatedJob.TotalCompletions ?? 1;
  return null;
}

function restartOf(condition: string | undefined, mode: z.infer<typeof Service>["Spec"]["Mode"]) {
  if (mode.ReplicatedJob) return "on-failure";
  return condition === "none" || condition === "on-failure" ? condition : "any";
}

function toTask(task: z.infer<typeof Task>): TaskReading {
  const container = task.Status.ContainerStatus;
  return {
    id: task.ID,
    serviceId: task.ServiceID,
    slot: task.Slot ? String(task.Slot) : (task.NodeID ?? ""),
    state: task.Status.State,
    desired: task.DesiredState,
    error: task.Status.Err ?? "",
    exitCode: container?.ContainerID ? (container.ExitCode ?? 0) : null,
    container: container?.ContainerID || null,
    image: task.Spec.ContainerSpec.Image,
    spec: fingerprint(task.Spec),
    createdAtMs: timeOf(task.CreatedAt),
    changedAtMs: timeOf(task.Status.Timestamp),
  };
}

// Docker adds these when it shows a service, but not when it shows a task.
const FILLED_IN: ReadonlySet<string> = new Set(["StopGracePeriod", "DNSConfig", "Isolation"]);

function fingerprint(spec: z.infer<typeof TaskSpec>): string {
  const container = Object.entries(spec.ContainerSpec).filter(([name]) => !FILLED_IN.has(name));
  const parts = [Object.fromEntries(container), spec.Networks ?? null, spec.ForceUpdate ?? 0];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** Milliseconds of Docker's time stamps, which are in nanoseconds. */
export function timeOf(stamp: string): number {
  const parsed = Date.parse(stamp);
  if (Number.isNaN(parsed)) throw recipeFailure(`Docker gave an invalid time: ${stamp}`);
  return parsed;
}
