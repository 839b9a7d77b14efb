import type { Asking } from "../command/step.ts";
import { errorLines, GONE } from "./client-words.ts";
import type { Docker } from "./docker.ts";
import { demand } from "./failure.ts";

export type ObjectKind = "service" | "container" | "network" | "volume" | "secret" | "config";

export const OBJECT_KINDS: readonly ObjectKind[] = [
  "service",
  "container",
  "network",
  "volume",
  "secret",
  "config",
];

/** The ids (for volumes: names) in a listing. */
export async function listIds(
  docker: Docker,
  kind: ObjectKind,
  filters: readonly string[],
  asking: Asking,
): Promise<string[]> {
  const options = filters.flatMap((filter) => ["--filter", filter]);
  return docker.lines(asking, [kind, "ls", ...wholeListing(kind), "--quiet", ...options]);
}

/** Options that make a listing complete, with ids in full. */
export function wholeListing(kind: ObjectKind): string[] {
  const all = kind === "container" ? ["--all"] : [];
  return kind === "container" || kind === "network" ? [...all, "--no-trunc"] : all;
}

/**
 * Docker's description of these objects, as in its API. An object that has gone since it was listed is left out; any
 * other trouble throws `ActFailed`.
 */
export async function inspect(
  docker: Docker,
  kind: ObjectKind | "task" | "image",
  ids: readonly string[],
  asking: Asking,
): Promise<unknown[]> {
  if (ids.length === 0) return [];
  // `docker inspect` knows every kind but configs.
  const question = kind === "config" ? ["config", "inspect"] : ["inspect", "--type", kind];
  const result = await docker.look(asking, [...question, "--", ...ids]);
  if (!result.ok && !onlyGone(result.stderr)) demand(result, asking);
  return JSON.parse(result.stdout.trim() === "" ? "[]" : result.stdout) as unknown[];
}

function onlyGone(stderr: string): boolean {
  const lines = errorLines(stderr);
  return lines.length > 0 && lines.every((line) => GONE.test(line));
}
