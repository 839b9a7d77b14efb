import { BOUNDS } from "./bounds.ts";
import { type Compose, labelsOf, type Service } from "./compose.ts";
import type { Value, ValueMap } from "./form.ts";

/**
 * Requests of services and definitions for powers over the host, other than mounts and names, in plain words. No
 * permission grants them.
 */
export function hostPowers({ services, networks, volumes, secrets, configs }: Compose): string[] {
  const others = [networks, volumes, secrets, configs].flatMap((section) =>
    Object.entries(section).flatMap(([name, { labels }]) => ownLabels(Object.keys(labels ?? {}), name)),
  );
  return [...Object.entries(services).flatMap(([name, service]) => powersOf(name, service)), ...others];
}

/** Capabilities that containers have by default, and those that affect only the container. */
const HARMLESS: ReadonlySet<string> = new Set(
  [
    ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"],
    ["NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT", "IPC_LOCK", "SYS_NICE"],
  ].flat(),
);
/** Logging drivers that keep logs on the host that wrote them. */
const LOCAL_LOGS = ["", "json-file", "local", "none", "journald"];
/** Limits for one service, in bytes and processors. */
const MOST_RESERVED = { memory: 16 * 1024 ** 3, cpus: 16 };

/** The time a deploy may take: a container with a longer grace period could not be removed in time. */
const MOST_GRACE_MS = 10 * 60_000;
/** In milliseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 36e5,
};

type Judge = (value: Value) => boolean;

const isSet: Judge = (value) => !["", "false", "no", "off", "n"].includes(String(value ?? "").toLowerCase());
const isAnything: Judge = (value) => value !== null && Object.keys(Object(value)).length > 0;
const isHosts: Judge = (value) => isSet(value) && !/^(none|private|shareable)$/.test(String(value));

/** Keys of a service that reach out of its container, with a test for the values that do. */
const POWERS: Readonly<Record<string, Judge>> = {
  privileged: isSet,
  use_api_socket: isSet,
  network_mode: (value) => isHosts(value) && String(value) !== "bridge",
  pid: isSet,
  ipc: isHosts,
  uts: isSet,
  userns_mode: isSet,
  cgroup: isHosts,
  cgroup_parent: isSet,
  cgroupns_mode: isHosts,
  devices: isAnything,
  device_cgroup_rules: isAnything,
  volumes_from: isAnything,
  extends: isAnything,
  credential_spec: isAnything,
  security_opt: (value) => words(value).some((word) => !/^no-new-privileges\b/.test(word)),
  cap_add: (value) => words(value).some((word) => !HARMLESS.has(word.toUpperCase().replace(/^CAP_/, ""))),
  sysctls: (value) =>
    Object.keys(Object(value)).some((name) => !/^(net\.|kernel\.(msg|shm|sem)|fs\.mqueue\.)/.test(name)),
  oom_score_adj: (value) => Number(value) < 0,
};

function powersOf(name: string, service: Service): string[] {
  const powers = Object.entries(POWERS)
    .filter(([key, reaches]) => Object.hasOwn(service, key) && reaches(service[key] ?? null))
    .map(([key]) => `${key} (service ${name})`);
  const labels = [...Object.keys(service.labels ?? {}), ...Object.keys(labelsOf(service))];
  return [...powers, ...amountsOf(name, service), ...logsOf(name, service), ...ownLabels(labels, name)];
}

function amountsOf(name: string, service: Service): string[] {
  const { deploy } = service;
  const { replicas, resources } = (deploy ?? {}) as { replicas?: number; resources?: ValueMap };
  const { memory, cpus } = (resources?.reservations ?? {}) as { memory?: string; cpus?: string };
  const found: string[] = [];
  if (replicas !== undefined && !(replicas <= BOUNDS.replicas))
    found.push(`${replicas} replicas; at most ${BOUNDS.replicas} (service ${name})`);
  const grace = service.stop_grace_period;
  if (grace !== undefined && !(millisecondsOf(String(grace)) <= MOST_GRACE_MS))
    found.push(`a stop_grace_period of ${String(grace)}; at most 10m (service ${name})`);
  if (memory !== undefined && !(bytesOf(memory) <= MOST_RESERVED.memory))
    found.push(`${memory} of memory reserved; at most 16g (service ${name})`);
  if (cpus !== undefined && !(Number(cpus) <= MOST_RESERVED.cpus))
    found.push(`${cpus} processors reserved; at most ${MOST_RESERVED.cpus} (service ${name})`);
  return found;
}

function millisecondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  return parts.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
}

// NaN for an invalid size, which Docker refuses too.
function bytesOf(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?$/i.exec(text) ?? [];
  return Number(number) * 1024 ** ["", "k", "m", "g", "t", "p"].indexOf(unit.toLowerCase());
}

function logsOf(name: string, { logging }: Service): string[] {
  const driver = String((logging as { driver?: unknown } | undefined)?.driver ?? "");
  return LOCAL_LOGS.includes(driver)
    ? []
    : [`the logging driver ${driver}, which sends elsewhere (service ${name})`];
}

// These labels mark our own objects and the objects of an app.
function ownLabels(labels: readonly string[], where: string): string[] {
  const own = labels.find((label) => /^(canonical-sweep|com\.docker\.stack)\./i.test(label.trim()));
  return own === undefined ? [] : [`the label ${own}, which is not the recipe's to set (${where})`];
}

function words(value: Value): string[] {
  const list: readonly Value[] = Array.isArray(value) ? value : [value as Value];
  return list.filter((word) => word !== null).map(String);
}
