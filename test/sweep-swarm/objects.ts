import { spawnSync } from "node:child_process";
import { expect, vi } from "vitest";
import { busyboxImage, DOCKER } from "../support/images.ts";
import { docker } from "../support/swarm.ts";

export { shortObjectsOf } from "../support/remove-all.ts";

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
