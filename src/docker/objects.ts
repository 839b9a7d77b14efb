import { z } from "zod";
import type { Asking } from "../command/step.ts";
import type { Docker } from "./docker.ts";
import { inspect, listIds, OBJECT_KINDS, type ObjectKind, wholeListing } from "./inspect.ts";
import { isOwnedBy, type Labels, OWN, STACK_NAMESPACE } from "./labels.ts";

export interface DockerObject {
  kind: ObjectKind;
  id: string;
  name: string;
  labels: Labels;
}

const LabelMap = z.record(z.string(), z.string()).nullish();
const Inspected = z.object({
  ID: z.string().optional(),
  Id: z.string().optional(),
  Name: z.string().optional(),
  Labels: LabelMap,
  Spec: z.object({ Name: z.string(), Labels: LabelMap }).optional(),
  Config: z.object({ Labels: LabelMap }).optional(),
});

/** The objects of one kind that a filter finds, with their labels. */
export async function listObjects(
  docker: Docker,
  kind: ObjectKind,
  filters: readonly string[],
  asking: Asking,
): Promise<DockerObject[]> {
  const ids = await listIds(docker, kind, filters, asking);
  return inspectObjects(docker, kind, ids, asking);
}

/** Those of the named objects that exist. */
export async function inspectObjects(
  docker: Docker,
  kind: ObjectKind,
  ids: readonly string[],
  asking: Asking,
): Promise<DockerObject[]> {
  const found = await inspect(docker, kind, [...new Set(ids)], asking);
  return found.map((entry) => toObject(kind, Inspected.parse(entry)));
}

/**
 * The objects of a stack, of all kinds or of these: those with its namespace or our label for it, and those that only
 * have a name with the stack's prefix and belong to no other stack.
 */
export async function objectsOfStack(
  docker: Docker,
  stack: string,
  asking: Asking,
  kinds: readonly ObjectKind[] = OBJECT_KINDS,
): Promise<DockerObject[]> {
  const perKind = await Promise.all(kinds.map((kind) => ofKind(docker, kind, stack, asking)));
  return perKind.flat();
}

/** Everything that carries the label of a state folder. */
export async function objectsOfOwner(docker: Docker, owner: string, asking: Asking): Promise<DockerObject[]> {
  const filter = [`label=${OWN.state}=${owner}`];
  const perKind = await Promise.all(OBJECT_KINDS.map((kind) => listObjects(docker, kind, filter, asking)));
  return perKind.flat().filter((object) => isOwnedBy(object.labels, owner));
}

export function nameOf(object: DockerObject): string {
  return `${object.kind} ${object.name}`;
}

async function ofKind(docker: Docker, kind: ObjectKind, stack: string, asking: Asking) {
  const ids = kind === "service" ? servicesOf(docker, stack, asking) : listedOf(docker, kind, stack, asking);
  const objects = await inspectObjects(docker, kind, await ids, asking);
  return objects.filter((object) => belongsTo(object, stack));
}

// A listing of services has no labels.
async function servicesOf(docker: Docker, stack: string, asking: Asking): Promise<string[]> {
  const filters = [`label=${STACK_NAMESPACE}=${stack}`, `label=${OWN.stack}=${stack}`, `name=${stack}_`];
  const ids = await Promise.all(filters.map((filter) => listIds(docker, "service", [filter], asking)));
  return ids.flat();
}

const Listed = z.tuple([z.string(), z.string(), z.string(), z.string()]);

// One listing of everything is cheaper than one per filter, and these filters cannot be joined by "or".
async function listedOf(
  docker: Docker,
  kind: Exclude<ObjectKind, "service">,
  stack: string,
  asking: Asking,
): Promise<string[]> {
  const id = kind === "volume" ? ".Name" : ".ID";
  const name = kind === "container" ? ".Names" : ".Name";
  const columns = [id, name, `(.Label "${STACK_NAMESPACE}")`, `(.Label "${OWN.stack}")`];
  const format = `[${columns.map((column) => `{{json ${column}}}`).join(",")}]`;
  const lines = await docker.lines(asking, [kind, "ls", ...wholeListing(kind), "--format", format]);
  return lines
    .map((line) => Listed.parse(JSON.parse(line)))
    .filter(([, called, ...labels]) => labels.includes(stack) || called.startsWith(`${stack}_`))
    .map(([found]) => found);
}

function belongsTo(object: DockerObject, stack: string): boolean {
  const of = object.labels[OWN.stack] ?? object.labels[STACK_NAMESPACE];
  return of === undefined ? object.name.startsWith(`${stack}_`) : of === stack;
}

function toObject(kind: ObjectKind, entry: z.infer<typeof Inspected>): DockerObject {
  const name = entry.Spec?.Name ?? entry.Name ?? "";
  return {
    kind,
    id: entry.ID ?? entry.Id ?? name,
    name: name.replace(/^\//, ""),
    labels: entry.Spec?.Labels ?? entry.Config?.Labels ?? entry.Labels ?? {},
  };
}
