import {
  COMMAND,
  HEALTH_TEST,
  keyed,
  LABELS,
  mapping,
  named,
  PAIRS,
  TEXT_OR_TEXTS,
  TEXTS,
  WORDS,
} from "./collections.ts";
import { type Form, IGNORED, JUDGED, type Value, type ValueMap } from "./form.ts";
import type { Located, Report } from "./located.ts";
import { MOUNTS, PORTS } from "./mounts-and-ports.ts";
import { BOOLEAN, DURATION_TEXT, INTEGER, NUMBER, TEXT } from "./word.ts";

/** Docker takes the options of drivers as words, whatever they look like. */
const OPTIONS = LABELS;

const LOGGING: Form<ValueMap> = {
  ...mapping({ driver: TEXT, options: PAIRS }),
  // Docker drops the options of a later file if the earlier file has none.
  merge: (base, over) => {
    const isOther = base.driver !== undefined && over.driver !== undefined && base.driver !== over.driver;
    if (isOther) return over;
    const { options: _options, ...rest } = { ...base, ...over };
    if (base.options === undefined) return rest;
    return { ...rest, options: { ...(base.options as ValueMap), ...(over.options as ValueMap) } };
  },
};

const HEALTHCHECK = mapping({
  disable: BOOLEAN,
  interval: DURATION_TEXT,
  retries: NUMBER,
  test: HEALTH_TEST,
  timeout: DURATION_TEXT,
  start_period: DURATION_TEXT,
  start_interval: DURATION_TEXT,
});

const UPDATE = mapping({
  parallelism: INTEGER,
  delay: DURATION_TEXT,
  failure_action: TEXT,
  monitor: DURATION_TEXT,
  max_failure_ratio: NUMBER,
  order: TEXT,
});

const GENERIC_RESOURCE = mapping({ discrete_resource_spec: mapping({ kind: TEXT, value: NUMBER }) });

const DEPLOY = orNothing(
  mapping({
    mode: TEXT,
    endpoint_mode: TEXT,
    replicas: INTEGER,
    labels: LABELS,
    rollback_config: UPDATE,
    update_config: UPDATE,
    resources: mapping({
      limits: mapping({ cpus: TEXT, memory: TEXT, pids: INTEGER }),
      reservations: mapping({
        cpus: TEXT,
        memory: TEXT,
        generic_resources: keyed(itemOf(GENERIC_RESOURCE), (item) => item),
      }),
    }),
    restart_policy: mapping({
      condition: TEXT,
      delay: DURATION_TEXT,
      max_attempts: INTEGER,
      window: DURATION_TEXT,
    }),
    placement: mapping({
      constraints: WORDS,
      preferences: keyed(itemOf(mapping({ spread: TEXT })), (item) => item),
      max_replicas_per_node: INTEGER,
    }),
  }),
);

const LONG_FILE = mapping({ source: TEXT, target: TEXT, uid: TEXT, gid: TEXT, mode: INTEGER });

/** The configs and secrets of a service, by name or in the long form. */
const FILES: Form<readonly ValueMap[]> = keyed(
  (node, path, report) => {
    if (node.kind === "map") {
      const file = LONG_FILE.read(node, path, report);
      return file === undefined ? [] : [file];
    }
    const source = TEXT.read(node, path, report);
    return source === undefined ? [] : [{ source }];
  },
  ({ source }) => source,
);

const ATTACHMENT: Form<ValueMap> = {
  ...mapping({ aliases: TEXTS, driver_opts: OPTIONS, ipv4_address: TEXT, ipv6_address: TEXT }),
  // A later file always replaces the aliases of an earlier one, even when it has none.
  merge: ({ aliases: _aliases, ...base }, over) => ({ ...base, ...over }),
};

const ATTACHMENTS: Form<Readonly<Record<string, Value>>> = {
  ...named(orNothing(ATTACHMENT)),
  read: (node, path, report) => {
    if (node.kind === "map") return named(orNothing(ATTACHMENT)).read(node, path, report);
    const names = TEXTS.read(node, path, report);
    return names === undefined ? undefined : Object.fromEntries(names.map((name) => [name, null]));
  },
};

const ULIMIT: Form = {
  read: (node, path, report): Value | undefined =>
    node.kind === "map"
      ? mapping({ soft: INTEGER, hard: INTEGER }).read(node, path, report)
      : INTEGER.read(node, path, report),
  merge: (_base, over) => over,
};

/** A list of `name:address`, or the same as a mapping. */
const HOSTS: Form<readonly string[]> = {
  read: (node, path, report) => {
    if (node.kind === "list") return TEXTS.read(node, path, report);
    const pairs = PAIRS.read(node, path, report);
    return pairs && Object.entries(pairs).flatMap(([name, to]) => (to === null ? [] : [`${name}:${to}`]));
  },
  merge: TEXTS.merge,
};

/** Every key that a service may have. Source: version 3.13 of Docker's compose schema. */
const SERVICE_KEYS = mapping({
  image: TEXT,
  command: COMMAND,
  entrypoint: COMMAND,
  environment: PAIRS,
  env_file: TEXT_OR_TEXTS,
  labels: LABELS,
  deploy: DEPLOY,
  healthcheck: HEALTHCHECK,
  logging: LOGGING,
  networks: ATTACHMENTS,
  ports: PORTS,
  volumes: MOUNTS,
  configs: FILES,
  secrets: FILES,
  tmpfs: TEXT_OR_TEXTS,
  hostname: TEXT,
  user: TEXT,
  working_dir: TEXT,
  stop_signal: TEXT,
  stop_grace_period: DURATION_TEXT,
  init: BOOLEAN,
  tty: BOOLEAN,
  stdin_open: BOOLEAN,
  read_only: BOOLEAN,
  cap_add: TEXTS,
  cap_drop: TEXTS,
  sysctls: LABELS,
  ulimits: named(ULIMIT),
  dns: TEXT_OR_TEXTS,
  dns_search: TEXT_OR_TEXTS,
  extra_hosts: HOSTS,
  oom_score_adj: INTEGER,
  isolation: TEXT,
  ...each(IGNORED, ["build", "container_name", "depends_on", "domainname", "expose", "external_links"]),
  ...each(IGNORED, ["links", "mac_address", "restart", "shm_size"]),
  // Docker ignores or refuses these, but they ask for access to the host.
  ...each(JUDGED, ["privileged", "use_api_socket", "network_mode", "pid", "ipc", "uts", "userns_mode"]),
  ...each(JUDGED, ["cgroup", "cgroup_parent", "cgroupns_mode", "devices", "device_cgroup_rules"]),
  ...each(JUDGED, ["volumes_from", "extends", "security_opt", "credential_spec"]),
});

/** Lists whose items a later file replaces one by one; each key occurs once in the result. */
const KEYED = { ports: PORTS, volumes: MOUNTS, configs: FILES, secrets: FILES } as unknown as Record<
  string,
  Form
>;

const SERVICE: Form<ValueMap> = {
  ...SERVICE_KEYS,
  merge: (base, over) => {
    const lists = Object.entries(KEYED).flatMap(([key, form]) =>
      base[key] === undefined ? [] : [[key, form.merge(base[key], over[key] ?? [])]],
    );
    return { ...SERVICE_KEYS.merge(base, over), ...Object.fromEntries(lists) };
  },
};

/** Marks an external object; the older form holds its name. */
const EXTERNAL: Form = {
  read: (node, path, report): Value | undefined =>
    node.kind === "map" ? mapping({ name: TEXT }).read(node, path, report) : BOOLEAN.read(node, path, report),
  merge: (_base, over) => over,
};

const OBJECT = { name: TEXT, external: EXTERNAL, labels: LABELS };
const FILE_OBJECT: Form<ValueMap> = {
  ...mapping({ ...OBJECT, file: TEXT, template_driver: TEXT }),
  merge: (_base, over) => over,
};

/** The five sections of a compose file. A later file replaces a whole definition, but adds to a service. */
export const SECTIONS = {
  services: named(SERVICE),
  volumes: named(whole(mapping({ ...OBJECT, driver: TEXT, driver_opts: OPTIONS }))),
  networks: named(
    whole(
      mapping({
        ...OBJECT,
        driver: TEXT,
        driver_opts: OPTIONS,
        ipam: mapping({ driver: TEXT, config: keyed(itemOf(mapping({ subnet: TEXT })), (pool) => pool) }),
        internal: BOOLEAN,
        attachable: BOOLEAN,
      }),
    ),
  ),
  secrets: named(FILE_OBJECT),
  configs: named(FILE_OBJECT),
} as const;

function itemOf(form: Form<ValueMap>) {
  return (node: Located, path: string, report: Report): ValueMap[] => {
    const read = form.read(node, path, report);
    return read === undefined ? [] : [read];
  };
}

// A volume or a network may consist of its name alone.
function whole(form: Form<ValueMap>): Form<ValueMap> {
  return {
    read: (node, path, report) =>
      node.kind === "scalar" && node.value === null ? {} : form.read(node, path, report),
    merge: (_base, over) => over,
  };
}

function orNothing(form: Form<ValueMap>): Form {
  return {
    read: (node, path, report) =>
      node.kind === "scalar" && node.value === null ? null : form.read(node, path, report),
    merge: (base, over) => (over === null ? base : form.merge(base as ValueMap, over as ValueMap)),
  };
}

function each(form: Form, keys: readonly string[]): Record<string, Form> {
  return Object.fromEntries(keys.map((key) => [key, form]));
}
