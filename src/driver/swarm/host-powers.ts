import { type Definition, isExternal, labelsOf, pairsOf, type Sections } from "./compose.ts";

/** What services and networks ask of the host beside mounts, in plain words: no permission names it. */
export function hostPowers({ services, networks, volumes, secrets, configs }: Sections): string[] {
  const others = [networks, volumes, secrets, configs].flatMap((section) =>
    Object.entries(section).flatMap(([name, { labels }]) => ownLabels(pairsOf(labels), name)),
  );
  return [
    ...Object.entries(services).flatMap(([name, service]) => powersOf(name, service)),
    ...Object.entries(networks).flatMap(([name, network]) => hostNetwork(name, network)),
    ...others,
  ];
}

/** The capabilities that containers have anyway, and those that reach nothing outside of them. */
const HARMLESS = new Set(
  [
    ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"],
    ["NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT", "IPC_LOCK", "SYS_NICE"],
  ].flat(),
);

type Judge = (value: unknown) => boolean;

const isSet: Judge = (value) => !["", "false", "no", "off", "n"].includes(String(value ?? "").toLowerCase());
const isAnything: Judge = (value) => value != null && Object.keys(Object(value)).length > 0;
const isHosts: Judge = (value) => /^(host|container|service)\b/.test(String(value ?? ""));

/** The keys of a service that reach out of its container, and which of their values do. */
const POWERS: Readonly<Record<string, Judge>> = {
  privileged: isSet,
  use_api_socket: isSet,
  network_mode: isHosts,
  pid: isSet,
  ipc: isHosts,
  uts: isSet,
  userns_mode: isSet,
  cgroup: isHosts,
  cgroup_parent: isSet,
  devices: isAnything,
  device_cgroup_rules: isAnything,
  volumes_from: isAnything,
  extends: isAnything,
  security_opt: (value) => words(value).some((word) => !/^no-new-privileges\b/.test(word)),
  cap_add: (value) => words(value).some((word) => !HARMLESS.has(word.toUpperCase().replace(/^CAP_/, ""))),
  sysctls: (value) =>
    Object.keys(pairsOf(value)).some((name) => !/^(net\.|kernel\.(msg|shm|sem)|fs\.mqueue\.)/.test(name)),
};

function powersOf(name: string, service: Definition): string[] {
  const powers = Object.entries(POWERS)
    .filter(([key, reaches]) => Object.hasOwn(service, key) && reaches(service[key]))
    .map(([key]) => `${key} (service ${name})`);
  return [...powers, ...ownLabels({ ...pairsOf(service.labels), ...labelsOf(service) }, name)];
}

function hostNetwork(key: string, network: Definition): string[] {
  const { name, driver, external } = network as { name?: unknown; driver?: unknown; external?: unknown };
  const names = [name, (external as { name?: unknown } | null)?.name, isExternal(network) ? key : null];
  const isHost = names.includes("host") || /^(host|macvlan|ipvlan)$/.test(String(driver ?? ""));
  return isHost ? [`the network of the host (network ${key})`] : [];
}

// They say what is ours, and what goes with an app.
function ownLabels(labels: Readonly<Record<string, string>>, where: string): string[] {
  const own = Object.keys(labels).find((label) => /^canonical-sweep\./i.test(label.trim()));
  return own === undefined ? [] : [`the label ${own}, which is this program's own (${where})`];
}

function words(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((word) => word != null).map(String);
}
