import { spawnSync } from "node:child_process";
import { expect, vi } from "vitest";
import { busyboxImage, DOCKER } from "../support/images.ts";
import { docker } from "../support/swarm.ts";

const KINDS = ["service", "network", "volume", "secret", "config"] as const;

/** All objects of the world with this domain that exist, whoever made them: `kind name`, sorted. */
function objectsOf(domain: string): string[] {
  const end = `_${domain.replaceAll(".", "_")}_`;
  const named = KINDS.flatMap((kind) =>
    namesOf(kind)
      .filter((name) => name.includes(end))
      .map((name) => `${kind} ${name}`),
  );
  const containers = docker(
    "ps",
    "--all",
    "--no-trunc",
    "--format",
    '{{.Names}} {{.Label "canonical-sweep.stack"}}_',
  );
  const ours = containers.split("\n").filter((line) => line.includes(end));
  return [...named, ...ours.map((line) => `container ${line.split(" ")[0]}`)].sort();
}

/** The same without the containers' numbers, and with the stack's own name taken off. */
export function shortObjectsOf(domain: string): string[] {
  const suffix = `_${domain.replaceAll(".", "_")}`;
  return objectsOf(domain).map((line) => line.replace(suffix, "").replace(/\.1\.\w+$/, ""));
}

/** Removes all of a world from the swarm, by exact names. */
export async function removeAllOf(domain: string): Promise<void> {
  const until = Date.now() + 90_000;
  for (;;) {
    const objects = objectsOf(domain);
    if (objects.length === 0) return;
    if (Date.now() > until) throw new Error(`still there: ${objects.join(", ")}`);
    for (const [kind = "", name = ""] of objects.map((line) => line.split(" "))) {
      const force = kind === "container" ? ["--force", "--volumes"] : [];
      spawnSync(DOCKER, [kind, "rm", ...force, name], { stdio: "ignore" });
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Something of the operator's own on the same swarm: a service that keeps a word in a volume. */
export interface Witness {
  /** Fails unless it is the same container with the same bytes. */
  expectUntouched(): void;
  /** What is no longer as it was. */
  changes(): string[];
}

/** Starts a witness under this name, which must be one of the world's, so that it is removed with it. */
export async function startWitness(name: string): Promise<Witness> {
  const script = "echo mine >/data/word; trap 'exit 0' TERM; while :; do sleep 0.2; done";
  const mount = `type=volume,source=${name},target=/data`;
  const options = ["--detach", "--name", name, "--endpoint-mode", "dnsrr", "--stop-grace-period", "2s"];
  docker("service", "create", ...options, "--mount", mount, busyboxImage(), "sh", "-c", script);
  await vi.waitUntil(() => containerOf(name) !== "", { timeout: 60_000, interval: 200 });
  await vi.waitUntil(() => wordOf(name) === "mine", { timeout: 60_000, interval: 200 });
  const look = () => ({
    [`container of ${name}`]: containerOf(name),
    [`volume ${name}`]: createdAt(name),
    [`word in ${name}`]: wordOf(name),
  });
  const before = look();
  const changes = () => differences(before, look());
  return { changes, expectUntouched: () => expect(changes()).toEqual([]) };
}

/** What stood before and now is gone or differs. */
export function differences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(before).filter((name) => before[name] !== after[name]);
}

/** The container that runs of a service; empty where none does. */
export function containerOf(service: string): string {
  const filter = `label=com.docker.swarm.service.name=${service}`;
  return docker("ps", "--quiet", "--no-trunc", "--filter", filter);
}

/** What a file in a volume says, read through a container of its own. */
export function readInVolume(volume: string, path: string): string {
  // `run` would make a volume that is not there.
  docker("volume", "inspect", volume);
  return docker(
    "run",
    "--rm",
    "--network",
    "none",
    "--volume",
    `${volume}:/v:ro`,
    busyboxImage(),
    "cat",
    `/v/${path}`,
  );
}

function wordOf(name: string): string {
  const result = spawnSync(DOCKER, ["exec", containerOf(name), "cat", "/data/word"], { encoding: "utf8" });
  return result.stdout.trim();
}

function createdAt(volume: string): string {
  const args = ["volume", "inspect", "--format", "{{.CreatedAt}}", volume];
  return spawnSync(DOCKER, args, { encoding: "utf8" }).stdout.trim();
}

function namesOf(kind: (typeof KINDS)[number]): string[] {
  return docker(kind, "ls", "--format", "{{.Name}}").split("\n").filter(Boolean);
}
