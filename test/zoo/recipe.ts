import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { zooImage } from "./image.ts";

/** A recipe of the zoo: what its upstream publishes, how it is configured, and what happens in between. */
export interface ZooRecipe {
  name: string;
  /** What it shows, for people. */
  shows: string;
  /** `recipe.yaml` beyond `canonical: true`. */
  settings?: Readonly<Record<string, unknown>>;
  /** Files of its configuration folder: tests, setups of providers. */
  files: Readonly<Record<string, string>>;
  /** What is published before the first sweep, oldest first. */
  releases: readonly Release[];
  /** What happens between the two sweeps. */
  later?: { releases?: readonly Release[]; files?: Readonly<Record<string, string>> };
  /** Somebody else computes on the host while it is tested in the second sweep. */
  hasNeighbour?: boolean;
  /** Its promotion is tried once more by hand before it is investigated: twice the same is what tells something. */
  isTriedAgain?: boolean;
  /** Recipes that must be there for its story, beside those that it requires. */
  needs?: readonly string[];
  /** The service that the edge asks; `app` unless said otherwise. */
  edge?: string;
}

export interface Release {
  version: string;
  files: Readonly<Record<string, string>>;
}

/** What a release is made of. */
export interface ReleaseParts {
  services: Readonly<Record<string, Service>>;
  /** Scripts and settings that services mount, by the name of their config. */
  configs?: Readonly<Record<string, string>>;
  volumes?: readonly string[];
  secrets?: readonly string[];
  /** Changes what is written last. */
  compose?: Readonly<Record<string, unknown>>;
}

export interface Service {
  /** The program whose image it is. */
  program: string;
  command: readonly string[];
  /** Docker's own bridge unless said otherwise: what reaches nobody is gone from it three times as fast. */
  networks?: readonly string[];
  /** Where it mounts configs. */
  configs?: Readonly<Record<string, string>>;
  labels?: Readonly<Record<string, string>>;
  restart?: Readonly<Record<string, unknown>>;
  /** What else stands in the compose file. */
  more?: Readonly<Record<string, unknown>>;
}

/** Networks that no recipe makes. */
const SHARED = ["proxy", "bridge"];

/** The files of a release; the images' tag is the part of the version after `+`. */
export function releaseOf(version: string, parts: ReleaseParts): Release {
  const { configs = {}, volumes = [], secrets = [] } = parts;
  const app = version.split("+")[1] ?? "";
  const services = Object.entries(parts.services).map(([name, service]) => [name, composeOf(service, app)]);
  const networks = new Set(Object.values(parts.services).flatMap((service) => networksOf(service)));
  const compose = {
    version: "3.8",
    services: Object.fromEntries(services),
    networks: Object.fromEntries(
      [...networks].map((name) => [name, SHARED.includes(name) ? { external: true } : {}]),
    ),
    ...section("volumes", volumes, () => ({})),
    ...section("configs", Object.keys(configs), (name) => ({
      name: `${variable("STACK_NAME")}_${name}_${variable(versionOf(name))}`,
      file: `./${name}`,
    })),
    ...section("secrets", secrets, (name) => ({
      external: true,
      name: `${variable("STACK_NAME")}_${name}_${variable(`SECRET_${name.toUpperCase()}_VERSION`)}`,
    })),
    ...parts.compose,
  };
  return {
    version,
    files: {
      "compose.yml": stringify(compose, { version: "1.1" }),
      ".env.sample": environmentOf(secrets),
      "abra.sh": Object.entries(configs)
        .map(([name, text]) => `export ${versionOf(name)}=${hashOf(text)}\n`)
        .join(""),
      ...configs,
    },
  };
}

/** All images that a release names. */
export function imagesOf({ files }: Release): string[] {
  return [...(files["compose.yml"] ?? "").matchAll(/image: (\S+)/g)].map(([, image = ""]) => image);
}

function composeOf(service: Service, app: string): Record<string, unknown> {
  const { program, command, configs, labels, restart, more } = service;
  return {
    image: zooImage(program, app),
    command,
    networks: networksOf(service),
    ...(configs === undefined ? {} : { configs: mountsOf(configs) }),
    stop_grace_period: "2s",
    ...more,
    deploy: {
      endpoint_mode: "dnsrr",
      update_config: { order: "stop-first", monitor: "1s" },
      restart_policy: { condition: "any", delay: "1s", ...restart },
      ...(labels === undefined ? {} : { labels }),
    },
  };
}

function mountsOf(configs: Readonly<Record<string, string>>): unknown[] {
  return Object.entries(configs).map(([source, target]) => ({ source, target, mode: 0o555 }));
}

function networksOf({ networks = ["bridge"] }: Service): readonly string[] {
  return networks;
}

function environmentOf(secrets: readonly string[]): string {
  const lines = secrets.map((name) => `SECRET_${name.toUpperCase()}_VERSION=v1 # length=24 charset=hex`);
  return ["DOMAIN=zoo.example.org", ...lines, ""].join("\n");
}

function section(
  key: string,
  names: readonly string[],
  define: (name: string) => unknown,
): Record<string, unknown> {
  if (names.length === 0) return {};
  return { [key]: Object.fromEntries(names.map((name) => [name, define(name)])) };
}

/** A variable of compose: none of ours. */
export function variable(name: string): string {
  return `${"$"}{${name}}`;
}

// The version of a config is what is in it, as recipes that never forget to raise it have it.
function versionOf(config: string): string {
  return `${config.replace(/\W/g, "_").toUpperCase()}_VERSION`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
