import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { vi } from "vitest";
import { busyboxImage, DOCKER } from "../../support/images.ts";
import { docker } from "../../support/swarm.ts";

type Kind = "service" | "container" | "network" | "volume" | "secret" | "config";
type Labels = Readonly<Record<string, string>>;

/** Somebody else who works on the same swarm; what belongs to them must stay as it is, whatever the program does. */
export interface Operator {
  /** A word that no other operator has, for names. */
  word: string;
  /** A volume with a file in it. */
  volume(name: string, labels?: Labels): string;
  secret(name: string, labels?: Labels): string;
  /** With this content, which may be that of a recipe's own file. */
  config(name: string, labels?: Labels, content?: string): string;
  network(name: string, labels?: Labels): string;
  /** A service that runs; `options` are those of `docker service create`. */
  service(name: string, labels?: Labels, ...options: string[]): Promise<string>;
  /** The same with a script of its own. */
  serve(name: string, script: string, labels?: Labels, ...options: string[]): Promise<string>;
  /** A container that runs and mounts a volume, and goes on writing into nothing. */
  container(name: string, ...options: string[]): string;
  /** Whatever else was made: it is watched from now on, and removed at the end. */
  watch(kind: Kind, name: string): string;
  /** Ends a container, or removes something else, by the operator's own will. */
  remove(kind: Kind, name: string): Promise<void>;
  /** What is no longer as it was: the same id, creation, labels, container and bytes. */
  touched(): string[];
  close(): Promise<void>;
}

const WAITS = "trap 'exit 0' TERM; while :; do sleep 0.2; done";

/** Brings an operator with a witness: a service that keeps a word in a volume of its own. */
export async function startOperator(): Promise<Operator> {
  const word = `op${randomBytes(3).toString("hex")}`;
  const seen = new Map<string, string>();
  const watch = (kind: Kind, name: string) => {
    seen.set(`${kind} ${name}`, stateOf(kind, name));
    return name;
  };
  const make = (kind: "secret" | "config", name: string, labels: Labels, input: string) => {
    execFileSync(DOCKER, [kind, "create", ...options(labels), name, "-"], { input });
    return watch(kind, name);
  };
  const operator: Operator = {
    word,
    volume: (name, labels = {}) => {
      docker("volume", "create", ...options(labels), name);
      const script = `echo theirs >/v/word; mkdir /v/sub; echo ${word} >/v/sub/more`;
      docker("run", "--rm", "--network", "none", "-v", `${name}:/v`, busyboxImage(), "sh", "-c", script);
      return watch("volume", name);
    },
    secret: (name, labels = {}) => make("secret", name, labels, "theirs"),
    config: (name, labels = {}, content = "theirs") => make("config", name, labels, content),
    network: (name, labels = {}) => {
      docker("network", "create", "--driver", "overlay", "--attachable", ...options(labels), name);
      return watch("network", name);
    },
    service: (name, labels = {}, ...more) => operator.serve(name, WAITS, labels, ...more),
    serve: async (name, script, labels = {}, ...more) => {
      const fixed = ["--detach", "--name", name, "--endpoint-mode", "dnsrr", "--stop-grace-period", "1s"];
      // As a stack does: the labels of a service are its containers' too.
      const inContainers = options(labels).map((word) => word.replace("--label", "--container-label"));
      const words = [
        ...fixed,
        ...options(labels),
        ...inContainers,
        ...more,
        busyboxImage(),
        "sh",
        "-c",
        script,
      ];
      docker("service", "create", ...words);
      await vi.waitUntil(() => containerOf(name) !== "", LIMIT);
      return watch("service", name);
    },
    container: (name, ...more) => {
      docker("run", "--detach", "--name", name, ...more, busyboxImage(), "sh", "-c", WAITS);
      return watch("container", name);
    },
    watch,
    remove: async (kind, name) => {
      seen.delete(`${kind} ${name}`);
      await removed(kind, name);
    },
    touched: () =>
      [...seen].flatMap(([key, before]) => {
        const now = stateOf(...split(key));
        return now === before ? [] : [`${key}: was ${before}, is ${now}`];
      }),
    close: async () => {
      const order: Kind[] = ["container", "service", "secret", "config", "network", "volume"];
      const all = [...seen.keys()].map(split);
      for (const kind of order)
        for (const [, name] of all.filter(([one]) => one === kind)) await removed(kind, name);
    },
  };
  operator.volume(`${word}-witness`);
  await operator.service(`${word}-witness`, {}, "--mount", `type=volume,source=${word}-witness,target=/v`);
  return operator;
}

const LIMIT = { timeout: 60_000, interval: 200 };

function options(labels: Labels): string[] {
  return Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
}

function split(key: string): [Kind, string] {
  const at = key.indexOf(" ");
  return [key.slice(0, at) as Kind, key.slice(at + 1)];
}

async function removed(kind: Kind, name: string): Promise<void> {
  const force = kind === "container" ? ["--force"] : [];
  await vi.waitUntil(() => {
    spawnSync(DOCKER, [kind, "rm", ...force, name], { stdio: "ignore" });
    return inspect(kind, name, "x") === null;
  }, LIMIT);
  // A service is gone at once, what it ran only after its TERM was heeded.
  if (kind === "service") await vi.waitUntil(() => tasksOf(name) === "", LIMIT);
}

function tasksOf(service: string): string {
  const filter = `label=com.docker.swarm.service.name=${service}`;
  return spawnSync(DOCKER, ["ps", "--all", "--quiet", "--filter", filter], {
    encoding: "utf8",
  }).stdout.trim();
}

const FORMATS: Readonly<Record<Kind, string>> = {
  service: "{{.ID}} {{.CreatedAt}} {{json .Spec.Labels}}",
  container: "{{.Id}} {{.Created}} {{.State.StartedAt}} {{json .Config.Labels}}",
  network: "{{.Id}} {{.Created}} {{json .Labels}}",
  volume: "{{.Name}} {{.CreatedAt}} {{json .Labels}}",
  secret: "{{.ID}} {{.CreatedAt}} {{.UpdatedAt}} {{json .Spec.Labels}}",
  config: "{{.ID}} {{.CreatedAt}} {{.UpdatedAt}} {{json .Spec.Labels}}",
};

function stateOf(kind: Kind, name: string): string {
  const state = inspect(kind, name, FORMATS[kind]);
  if (state === null) return "gone";
  if (kind === "volume") return `${state} ${bytesOf(name)}`;
  return kind === "service" ? `${state} ${containerOf(name)}` : state;
}

function inspect(kind: Kind, name: string, format: string): string | null {
  const result = spawnSync(DOCKER, [kind, "inspect", "--format", format, name], { encoding: "utf8" });
  if (result.status === 0) return result.stdout.trim();
  if (/no such|not found/i.test(result.stderr)) return null;
  throw new Error(`${kind} ${name}: ${result.stderr}`);
}

export function exists(kind: Kind, name: string): boolean {
  return inspect(kind, name, "x") !== null;
}

// By the service's id: a container of an earlier service of that name may still be ending.
function containerOf(service: string): string {
  const id = inspect("service", service, "{{.ID}}");
  return docker("ps", "--quiet", "--no-trunc", "--filter", `label=com.docker.swarm.service.id=${id}`);
}

/** A hash of every file of a volume, with mode, owner, time and content. */
export function bytesOf(volume: string): string {
  const path = docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume);
  const script = `cd "$1" && find . -printf '%p %m %U:%G %T@ %l\\n' | sort && find . -type f -print0 | sort -z | xargs -0 -r sha256sum`;
  const found = execFileSync("/bin/bash", ["-c", script, "bash", join(path, "/")]);
  return createHash("sha256").update(found).digest("hex").slice(0, 16);
}
