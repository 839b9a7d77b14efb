import { posix } from "node:path";
import { type Compose, type Definition, type Definitions, isExternal } from "./compose.ts";
import type { ValueMap } from "./form.ts";
import { hostPowers } from "./host-powers.ts";
import type { Mount } from "./mounts-and-ports.ts";
import { foreignDirectives, foreignHosts } from "./router-hosts.ts";

/** The app that a release is to be deployed as. */
export interface JudgedApp {
  stack: string;
  domain: string;
}

/** The network that every app may join: the reverse proxy's. Source: Co-op Cloud's recipes. */
const SHARED_NETWORK = "proxy";

/**
 * The parts of the host and of other apps that a release reaches, sorted and without duplicates: `docker-socket`,
 * `host-mount:/path`, `network:NAME` and `hostname:NAME`, which `recipe.yaml` may grant, and in plain words those that
 * nothing grants.
 */
export function permissionsOf(compose: Compose, { stack, domain }: JudgedApp): string[] {
  const { services, volumes, networks, secrets, configs } = compose;
  const found = [
    ...Object.entries(services).flatMap(([name, { volumes: mounts }]) =>
      (mounts ?? []).flatMap((mount) => permissionOfMount(mount, name)),
    ),
    ...Object.entries(volumes).flatMap(([name, volume]) => permissionOfVolume(name, volume)),
    ...Object.entries(networks).flatMap(([key, network]) => permissionOfNetwork(key, network)),
    ...[secrets, configs].flatMap((section) => Object.values(section)).flatMap(permissionOfFile),
    ...hostPowers(compose),
    ...foreignNames(compose, stack),
    ...foreignHosts(compose, domain).map((host) => `hostname:${host}`),
    ...foreignDirectives(compose),
  ];
  return [...new Set(found)].sort();
}

/** The canonical form of an absolute host path: `/a` for `//a/./b/../`. */
export function normalPath(path: string): string {
  return posix.resolve("/", path);
}

function permissionOfMount(mount: Mount, service: string): string[] {
  const { type, source, target, bind } = mount;
  const where = `(service ${service})`;
  const from = typeof source === "string" ? source : "";
  if (isTemplate(mount)) return [`a mount of ${from || target}, which Swarm fills in ${where}`];
  if (type === "tmpfs") return [];
  if (type === "volume")
    return /^([a-zA-Z0-9][a-zA-Z0-9_.-]*)?$/.test(from)
      ? []
      : [`a mount of ${from}, which is no volume ${where}`];
  if (type !== "bind") return [`a mount of type ${type} at ${target} ${where}`];
  if (!from.startsWith("/")) return [`a mount of ${from}, which is no volume and no absolute path ${where}`];
  const propagation = (bind as { propagation?: unknown } | undefined)?.propagation;
  const isShared = /shared/.test(String(propagation ?? ""));
  return [
    permissionOfPath(from),
    ...(isShared ? [`mounts that the host sees, by ${propagation} ${where}`] : []),
  ];
}

/** Swarm fills in `{{…}}`, also in options, after everything that could be judged. */
function isTemplate(value: ValueMap): boolean {
  return JSON.stringify(value).includes("{{");
}

function permissionOfPath(path: string): string {
  const normal = normalPath(path);
  return /^(\/var)?\/run\/docker\.sock$/.test(normal) ? "docker-socket" : `host-mount:${normal}`;
}

/** Mount options of tmpfs, none of which leads anywhere. */
const OF_TMPFS = /^(size|mode|uid|gid|nr_inodes|nr_blocks)=[\w%]+$|^(ro|rw|noexec|nosuid|nodev|noatime)$/;

// The local driver mounts anything it is asked to, with the options of mount(8).
function permissionOfVolume(name: string, volume: Definition): string[] {
  if (isTemplate(volume)) return [`a template, which Swarm fills in (volume ${name})`];
  const { driver } = volume;
  if (driver !== undefined && driver !== "" && driver !== "local")
    return [`the volume driver ${String(driver)} (volume ${name})`];
  const options = (volume.driver_opts ?? {}) as Readonly<Record<string, string | number>>;
  const unknown = Object.keys(options).find((key) => !["type", "o", "device"].includes(key));
  if (unknown !== undefined) return [`the volume option ${unknown} (volume ${name})`];
  const { type, device = "", o = "" } = options;
  const words = String(o)
    .split(",")
    .filter((word) => word !== "");
  const isEmpty = Object.keys(options).length === 0;
  const isInMemory = type === "tmpfs" && /^(tmpfs)?$/.test(String(device));
  if (isEmpty || (isInMemory && words.every((word) => OF_TMPFS.test(word)))) return [];
  const isBind = words.some((word) => /^r?bind$/.test(word));
  const isPlain = isBind || /^(none|bind)?$/.test(String(type ?? ""));
  if (isPlain && String(device).startsWith("/")) return [permissionOfPath(String(device))];
  return [`a file system of type ${String(type)} on ${device || "nothing"} (volume ${name})`];
}

function permissionOfNetwork(key: string, network: Definition): string[] {
  const driver = String(network.driver ?? "");
  const { name } = network;
  if (name === "host" || driver === "host") return [`the network of the host (network ${key})`];
  if (!/^(overlay)?$/.test(driver)) return [`the network driver ${driver} (network ${key})`];
  return isExternal(network) && name !== SHARED_NETWORK ? [`network:${String(name)}`] : [];
}

// Docker's client reads these on this machine and passes them to the app.
function permissionOfFile({ file }: Definition): string[] {
  if (typeof file !== "string" || !/^(\/|\.\.(\/|$))/.test(file)) return [];
  return file.startsWith("/") ? [permissionOfPath(file)] : [`the file ${file}, which is not in the checkout`];
}

/**
 * Volumes, secrets, configs and networks of other apps that a release names as its own, in plain words. External
 * networks are judged by their names.
 */
function foreignNames({ volumes, secrets, configs, networks }: Compose, stack: string): string[] {
  const ownNetworks = Object.entries(networks).filter(([, network]) => !isExternal(network));
  return [
    ...foreign("volume", volumes, stack),
    ...foreign("secret", secrets, stack),
    ...foreign("config", configs, stack),
    ...foreign("network", Object.fromEntries(ownNetworks), stack),
  ];
}

// Docker prefixes an unnamed key with the stack's name.
function foreign(kind: string, section: Definitions, stack: string): string[] {
  return Object.values(section)
    .flatMap(({ name }) => (typeof name === "string" && name !== "" ? [name] : []))
    .filter((name) => !name.startsWith(`${stack}_`))
    .map((name) => `the ${kind} ${name}, whose name is not this app's`);
}
