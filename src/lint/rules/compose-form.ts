import { entriesOf, type Located, textOf, valueAt } from "../../compose/located.ts";
import { SECTIONS, sectionOf } from "../compose.ts";
import type { Compose } from "../facts.ts";
import type { Found, Place } from "../finding.ts";

const TOP: ReadonlySet<string> = new Set(["version", ...SECTIONS]);

/** Keys of other programs; source: the answers of `docker stack deploy` to each. */
const UNKNOWN = {
  service: [
    ...["annotations", "attach", "blkio_config", "cpu_count", "cpu_percent", "cpus", "develop", "gpus"],
    ...["group_add", "label_file", "mem_reservation", "mem_swappiness", "models", "oom_kill_disable"],
    ...["oom_score_adj", "pids_limit", "platform", "post_start", "pre_stop", "profiles", "provider"],
    ...["pull_policy", "runtime", "scale", "storage_opt", "use_api_socket", "uts"],
  ],
  healthcheck: ["start_interval"],
  configs: ["content", "environment"],
  secrets: ["content", "environment"],
} as const;
const UNSUPPORTED = [
  ...["extends", "cpu_quota", "cpu_shares", "cpuset", "mem_limit", "memswap_limit"],
  ...["volume_driver", "volumes_from"],
];

/** Texts that `docker stack deploy` refuses before it looks at their meaning. */
export function formProblems(compose: Compose): Found[] {
  return [...compose.files.flatMap(ofFile), ...mixedVersions(compose)];
}

function ofFile({ file, root }: Compose["files"][number]): Found[] {
  const start: Place = { base: "recipe", file, line: 1, column: 1 };
  if (root.kind !== "map")
    return [
      refused(
        "Top-level object must be a mapping",
        "begin the file with `version:` and `services:`",
        root.at,
      ),
    ];
  return [
    ...ofVersion(root, start),
    ...refusedKeys(root, unknownAtTop, "(root)"),
    ...SECTIONS.flatMap((name) => ofSection(root, name)),
  ];
}

function ofVersion(root: Located, start: Place): Found[] {
  const version = valueAt(root, "version");
  if (version?.kind !== "scalar" || version.value === null)
    return [
      refused(
        "unsupported Compose file version: 1.0: the file has no `version`",
        'begin it with `version: "3.8"`',
        start,
      ),
    ];
  const mend = 'use `version: "3.8"`';
  if (typeof version.value !== "string") return [refused("version must be a string", mend, version.at)];
  if (/^3(\.(\d|1[0-3]))?$/.test(version.text)) return [];
  return [refused(`unsupported Compose file version: ${version.text}`, mend, version.at)];
}

function mixedVersions({ files }: Compose): Found[] {
  const [first, ...others] = files.flatMap(({ root }) => textOf(valueAt(root, "version")) ?? []);
  const other = others.find(({ text }) => text !== first?.text);
  if (first === undefined || other === undefined) return [];
  return [
    refused(
      `version mismatched between two composefiles : ${first.text} and ${other.text}`,
      "give all of them the same `version`",
      other.at,
    ),
  ];
}

function ofSection(root: Located, name: (typeof SECTIONS)[number]): Found[] {
  const section = sectionOf(root, name);
  if (section === undefined || (section.kind === "scalar" && section.value === null)) return [];
  if (section.kind !== "map")
    return [refused(`${name} must be a mapping`, `write \`${name}:\` as \`name: …\` pairs`, section.at)];
  return entriesOf(section).flatMap(([key, { at, value }]) => {
    if (name === "services") return ofService(key, value, at);
    const keys = name === "configs" || name === "secrets" ? UNKNOWN[name] : [];
    return refusedKeys(value, isOneOf(keys), `${name}.${key}`);
  });
}

function ofService(name: string, service: Located, at: Place): Found[] {
  if (service.kind !== "map")
    return [refused(`services.${name} must be a mapping`, "say at least its `image`", at)];
  const after = service.entries.get("depends_on");
  const path = `services.${name}`;
  const check = valueAt(service, "healthcheck");
  return [
    ...refusedKeys(service, isOneOf(UNKNOWN.service), path),
    ...unsupported(service, path),
    ...(check === undefined ? [] : refusedKeys(check, isOneOf(UNKNOWN.healthcheck), `${path}.healthcheck`)),
    ...(after?.value.kind === "map"
      ? [
          refused(
            `${path}.depends_on must be a list`,
            "write it as a list; Swarm does not wait anyway",
            after.at,
          ),
        ]
      : []),
  ];
}

function unknownAtTop(key: string): boolean {
  return !TOP.has(key) && !key.startsWith("x-");
}

function isOneOf(keys: readonly string[]): (key: string) => boolean {
  return (key) => keys.includes(key);
}

function refusedKeys(node: Located, isRefused: (key: string) => boolean, path: string): Found[] {
  return entriesOf(node)
    .filter(([key]) => isRefused(key))
    .map(([key, { at }]) =>
      refused(
        `${path} Additional property ${key} is not allowed`,
        `take \`${key}\` out: \`docker stack\` does not know it`,
        at,
      ),
    );
}

function unsupported(service: Located, path: string): Found[] {
  return entriesOf(service)
    .filter(([key]) => UNSUPPORTED.includes(key))
    .map(([key, { at }]) =>
      refused(
        `${path}: Compose file contains unsupported options: ${key}`,
        `take \`${key}\` out; limits of memory and processors are set in \`deploy.resources\``,
        at,
      ),
    );
}

function refused(message: string, mend: string, at: Place): Found {
  return { message, mend, at };
}
