// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose and .env files
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, type TestContext } from "vitest";
import type { Bed } from "../../../src/app/bed.ts";
import { permissionProblem } from "../../../src/app/permissions.ts";
import type { App, Source } from "../../../src/core/app.ts";
import { createAbraDriver } from "../../../src/driver/abra/abra-driver.ts";
import type { Driver } from "../../../src/driver/driver.ts";
import { createSwarmDriver } from "../../../src/driver/swarm/swarm-driver.ts";
import { checkOut } from "../../../src/mirror/checkout.ts";
import { openDesk } from "../../mirror/desk.ts";
import { createUpstream, type FileContent } from "../../support/upstream.ts";
import { report } from "../fault.ts";
import { guard, plantWitness } from "./guard.ts";

type Files = Readonly<Record<string, FileContent>>;

const compose = (service: string, rest = ""): Files => ({
  "compose.yml": `version: "3.8"\nservices:\n  app:\n    image: a\n${indented(service)}${rest}`,
});
const mounts = (...list: string[]) =>
  compose(`volumes:\n${list.map((each) => `  - ${each}\n`).join("")}`, "volumes: { data: }\n");
const indented = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `    ${line}\n`)
    .join("");

/** What a release asks for, by its name for people, and what `permission:` must say of it. */
const REACHES: Readonly<Record<string, [Files, RegExp]>> = {
  "mounts /": [mounts('"/:/host"'), /host-mount:\/ not granted/],
  "mounts /etc in the long form": [
    mounts("{ type: bind, source: /etc, target: /x }"),
    /host-mount:\/etc not granted/,
  ],
  "mounts the Docker socket, read-only": [
    mounts("/var/run/docker.sock:/var/run/docker.sock:ro"),
    /docker-socket not granted/,
  ],
  "mounts the Docker socket by another path": [
    mounts('"/var//run/../run/./docker.sock:/s"'),
    /docker-socket not granted/,
  ],
  "mounts /srv//a/./../../etc/": [mounts('"/srv//a/./../../etc/:/x"'), /host-mount:\/etc not granted/],
  "hides / in the default of a variable": [mounts('"${HIDDEN:-/}:/x"'), /host-mount:\/ not granted/],
  "hides / in .env.sample": [
    { ...mounts('"${HIDDEN}:/x"'), ".env.sample": "HIDDEN=/\n" },
    /host-mount:\/ not granted/,
  ],
  "hides / in abra.sh": [
    { ...mounts('"${HIDDEN}:/x"'), "abra.sh": "export HIDDEN=/\n" },
    /host-mount:\/ not granted/,
  ],
  "mounts ~": [mounts('"~/..:/x"'), /nothing grants a mount of ~\/\.\./],
  "hides / behind an anchor and a merge key": [
    {
      "compose.yml":
        "x-base: &base\n  volumes: &v ['/:/x']\nservices:\n  app:\n    image: a\n    <<: *base\n  b: {image: b, volumes: *v}\n",
    },
    /host-mount:\/ not granted/,
  ],
  "hides / in an overlay that COMPOSE_FILE names": [
    {
      ...mounts("data:/x"),
      "compose.more.yml": "version: '3.8'\nservices:\n  app:\n    volumes: ['/:/x']\n",
      ".env.sample": "COMPOSE_FILE=compose.yml:compose.more.yml\n",
    },
    /host-mount:\/ not granted/,
  ],
  "climbs out with a relative mount": [mounts("../../../../:/x"), /nothing grants a mount of \.\.\//],
  "mounts a file system by driver_opts": [
    compose("", "volumes:\n  x: { driver_opts: { type: none, o: 'rw,bind', device: //etc/ } }\n"),
    /host-mount:\/etc not granted/,
  ],
  "mounts a share by NFS": [
    compose("", "volumes:\n  x: { driver_opts: { type: nfs, o: 'addr=10.0.0.1', device: ':/x' } }\n"),
    /nothing grants a file system of type nfs/,
  ],
  "joins a network of others": [
    compose("networks: [net]", "networks:\n  net: { external: true, name: monitoring }\n"),
    /network:monitoring not granted/,
  ],
  "takes requests for another host name": [
    compose("deploy: { labels: ['traefik.http.routers.x.rule=Host(`login.example.org`)'] }"),
    /hostname:login\.example\.org not granted/,
  ],
  "takes requests for every host name": [
    compose("deploy: { labels: ['traefik.http.routers.x.rule=PathPrefix(`/`)'] }"),
    /hostname:\* not granted/,
  ],
  "hides another host name behind a label of the deploy": [
    compose(
      "labels: ['traefik.http.routers.x.rule=Host(`other.org`)']\ndeploy: { labels: ['traefik.http.routers.x.rule=Host(`app-1.ci.test`)'] }",
    ),
    /hostname:other\.org not granted/,
  ],
  "tells Caddy to lead to the socket": [
    compose("labels: ['caddy=app-1.ci.test', 'caddy.reverse_proxy=unix//var/run/docker.sock']"),
    /nothing grants the label caddy\.reverse_proxy/,
  ],
  "sets the admin address of Caddy": [
    compose("labels: ['caddy.admin=0.0.0.0:2019']"),
    /nothing grants the label caddy\.admin/,
  ],
  "takes the default certificate of Traefik": [
    compose("labels: ['traefik.tls.stores.default.defaultcertificate.certfile=/x']"),
    /nothing grants the label traefik\.tls/,
  ],
  "serves by several names": [
    compose("environment: { VIRTUAL_HOST_MULTIPORTS: 'other.org: {}' }"),
    /hostname:\* not granted/,
  ],
  "asks for a certificate of another name": [
    compose("environment: { LETSENCRYPT_HOST: other.org }"),
    /hostname:other\.org not granted/,
  ],
  "mounts by a template in an option of a volume": [
    compose("", "volumes:\n  x: { driver_opts: { type: tmpfs, o: '{{\"bi\"}}nd,ro', device: /etc } }\n"),
    /nothing grants a template, which Swarm fills in \(volume x\)/,
  ],
  "mounts by a name of a volume that is a template": [
    compose(
      "",
      "volumes:\n  x: { name: '{{.Service.Name}}', driver_opts: { type: none, o: bind, device: / } }\n",
    ),
    /nothing grants .*a template, which Swarm fills in/,
  ],
  "mounts / as memory": [
    compose("", "volumes:\n  x: { driver_opts: { type: tmpfs, o: 'size=1m,remount', device: / } }\n"),
    /nothing grants a file system of type tmpfs on \//,
  ],
  "cannot be stopped for years": [
    compose("stop_grace_period: 100000h"),
    /nothing grants a stop_grace_period of 100000h; at most 10m/,
  ],
  "sends its logs elsewhere": [
    compose("logging: { driver: gelf, options: { gelf-address: 'udp://192.0.2.1:1' } }"),
    /nothing grants the logging driver gelf/,
  ],
  "asks for 500 replicas": [compose("deploy: { replicas: 500 }"), /nothing grants 500 replicas; at most 20/],
  "reserves 900 gigabytes": [
    compose("deploy: { resources: { reservations: { memory: 900g } } }"),
    /nothing grants 900g of memory reserved/,
  ],
  "mounts by a template of Swarm's": [
    compose("volumes: [{ type: bind, source: '/srv/{{.Service.Name}}', target: /x }]"),
    /which Swarm fills in/,
  ],
  "mounts a disk of the host by driver_opts": [
    compose("", "volumes:\n  x: { driver_opts: { type: ext4, device: /dev/sda1 } }\n"),
    /nothing grants a file system of type ext4/,
  ],
  "mounts / as the lower layer of an overlay": [
    compose("", "volumes:\n  x: { driver_opts: { type: overlay, device: overlay, o: 'lowerdir=/' } }\n"),
    /nothing grants a file system of type overlay/,
  ],
  "mounts by a volume driver of the operator's": [
    compose("", "volumes:\n  x: { driver: local-persist, driver_opts: { mountpoint: / } }\n"),
    /nothing grants the volume driver local-persist/,
  ],
  "takes /etc/shadow as a config": [
    compose("configs: [x]", "configs:\n  x: { file: /etc/shadow }\n"),
    /host-mount:\/etc\/shadow not granted/,
  ],
  "takes a file outside of the checkout as a secret": [
    compose("secrets: [x]", "secrets:\n  x: { file: ../../witness/secret }\n"),
    /nothing grants the file \.\.\/\.\.\/witness\/secret/,
  ],
  "extends what stands outside": [
    compose("extends: { file: /etc/compose.yml, service: x }"),
    /nothing grants extends/,
  ],
  "asks for privileged, pid, ipc, devices and capabilities": [
    compose("privileged: true\npid: host\nipc: host\ndevices: ['/dev/sda:/dev/sda']\ncap_add: [SYS_ADMIN]"),
    /nothing grants cap_add \(service app\), devices .*, ipc .*, pid .*, privileged/,
  ],
  "asks for sysctls of the host, no seccomp and no user namespace": [
    compose("sysctls: ['kernel.core_pattern=|/x']\nsecurity_opt: ['seccomp=unconfined']\nuserns_mode: host"),
    /nothing grants security_opt .*, sysctls .*, userns_mode/,
  ],
  "asks for the network of the host": [
    compose("networks: [h]", "networks:\n  h: { external: true, name: host }\n"),
    /nothing grants the network of the host/,
  ],
  "asks for network_mode host": [compose("network_mode: host"), /nothing grants network_mode/],
  "names the volume of another recipe's canonical": [
    compose("volumes: ['xx:/x']", "volumes:\n  xx: { external: true, name: warm-notes_ci_test_data }\n"),
    /nothing grants the volume warm-notes_ci_test_data, whose name is not this app's/,
  ],
  "names the secret of another recipe": [
    compose("secrets: [x]", "secrets:\n  x: { external: true, name: warm-notes_ci_test_db_password_v1 }\n"),
    /nothing grants the secret warm-notes_ci_test_db_password_v1/,
  ],
  "names images of the operator's as its own, to be removed": [
    compose("deploy: { labels: { canonical-sweep.pulled: 'debian postgres' } }"),
    /nothing grants the label canonical-sweep\.pulled/,
  ],
};

/** What is no compose file that could be judged: the recipe's fault, and nothing of it is deployed. */
const UNREADABLE: Readonly<Record<string, [Files, RegExp]>> = {
  "a service `__proto__` that mounts /": [
    { "compose.yml": "services:\n  app: {image: a}\n  __proto__: {image: a, volumes: ['/:/x']}\n" },
    /`__proto__` is no name/,
  ],
  "aliases that multiply to a billion": [
    { "compose.yml": bomb() },
    /values once its aliases|Excessive alias/,
  ],
  "one alias that contains itself": [{ "compose.yml": "services: &s\n  app: *s\n" }, /aliases|alias|levels/i],
  "100,000 levels": [{ "compose.yml": `services: ${"[".repeat(100_000)}` }, /call stack|levels/],
  "10 MB": [{ "compose.yml": `# ${"x".repeat(10_000_000)}\n` }, /longer than/],
  "services in a type of YAML's own": [
    { "compose.yml": "services: !!omap\n  - app: {image: a, volumes: ['/:/x']}\n" },
    /the tag .* gives it a type|Unresolved tag/,
  ],
  "two documents": [{ "compose.yml": "services: {}\n---\nservices: {}\n" }, /multiple documents/],
  "COMPOSE_FILE that climbs out": [
    { ...compose(""), ".env.sample": "COMPOSE_FILE=compose.yml:../../../witness/compose.yml\n" },
    /outside of the recipe/,
  ],
  "a config that is git's own file": [
    compose("configs: [c]", "configs:\n  c: { file: .git/config }\n"),
    /is git's own, and in no commit/,
  ],
  "an env_file that is git's own": [compose("env_file: .git/config"), /env_file \.git\/config is not in/],
  "an env_file of the host": [compose("env_file: /etc/environment"), /env_file \/etc\/environment is not in/],
  "an operator of variables that Docker does not know": [
    mounts('"${HOME:+/}:/x"'),
    /invalid interpolation format/,
  ],
  "no text but bytes": [{ "compose.yml": "\u0000\u0001\u001b[31m" }, /compose\.yml/],
};

function bomb(): string {
  const lines = Array.from({ length: 9 }, (_, level) => {
    const before = level === 0 ? '"x"' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 10 }, () => before).join(", ")}]\n`;
  });
  return `${lines.join("")}services: {app: {image: a, command: *a8}}\n`;
}

describe("a release that asks for the host", () => {
  it.for(Object.entries(REACHES))(
    "%s: is blocked by both drivers",
    async ([name, [files, wanted]], context) => {
      const { judge, damage } = await openRelease(files);
      for (const end of await judge()) expect(end).toMatchObject(failing("refused", wanted));
      reportCompose(context, `a compose file ${name}`, "BLOCKED (permission: …), both drivers", damage());
    },
  );

  it.for(Object.entries(UNREADABLE))(
    "%s: is the recipe's fault",
    async ([name, [files, wanted]], context) => {
      const { judge, damage } = await openRelease(files);
      const began = performance.now();
      for (const end of await judge()) expect(end).toMatchObject(failing("recipe", wanted));
      expect(performance.now() - began).toBeLessThan(20_000);
      reportCompose(
        context,
        `a compose file with ${name}`,
        "refused before any deploy, red at install",
        damage(),
      );
    },
  );

  it("is let through as far as its permissions go, and no further", async (context) => {
    const files = mounts('"/srv/a/:/a"', "/var/run/docker.sock:/s", '"data:/d"', "/anonymous");
    const { judge, damage } = await openRelease(files);
    const all = ["docker-socket", "host-mount:/srv//a/../a"];
    expect(await judge(all)).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ]);
    for (const granted of [
      ["docker-socket", "host-mount:/srv"],
      ["docker-socket", "host-mount:/srv/a/b"],
    ])
      for (const end of await judge(granted))
        expect(end).toMatchObject(failing("refused", /: host-mount:\/srv\/a not granted/));
    reportCompose(
      context,
      "permissions for a folder above and one below the mount",
      "BLOCKED all the same",
      damage(),
    );
  });

  it("has its variables filled in by one reading, whatever environment the docker client gets", async (context) => {
    const shown = { ...mounts('"${DOCKER_DATA:-/}:/x"'), ".env.sample": "DOCKER_DATA=data\n" };
    const hidden = { ...mounts('"${HOME:-/}:/x"'), ".env.sample": "DATA=data\n" };
    const [first, second] = [await openRelease(shown), await openRelease(hidden)];
    expect((await first.judge())[0]).toEqual({ ok: true, value: undefined });
    expect((await second.judge())[0]).toMatchObject(failing("refused", /host-mount:\/ not granted/));
    const name = "a compose file with variables that Docker's client has, or has not";
    reportCompose(context, name, "filled in from the recipe alone", second.damage());
  });

  it("keeps all that ordinary recipes need", async () => {
    const files = {
      ...compose(
        "volumes: ['data:/data', '/anonymous']\nconfigs: [conf]\nsecrets: [pass]\nnetworks: [proxy, internal]\ncap_add: [CHOWN]\nsysctls: ['net.core.somaxconn=1024']\nenv_file: app.env",
        "volumes:\n  data:\n  ram: { driver_opts: { type: tmpfs, device: tmpfs } }\nnetworks:\n  proxy: { external: true }\n  internal:\nconfigs:\n  conf: { file: conf.txt, name: '${STACK_NAME}_conf_v1' }\nsecrets:\n  pass: { external: true, name: '${STACK_NAME}_pass_v1' }\n",
      ),
      "conf.txt": "x\n",
      "app.env": "A=1\n",
    };
    const { judge } = await openRelease(files);
    expect(await judge()).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ]);
  });
});

it("abra.sh, .env.sample and their shell syntax reach no shell", async (context) => {
  const { judge, damage, root } = await openRelease({
    ...mounts('"${A}${B}${C}:/x"'),
    "abra.sh": "touch SOURCED\nexport A=$(touch SOURCED)\nexport B=/safe\nexport C=`touch SOURCED`\n",
    ".env.sample": "D=$(touch SOURCED)\nE=`touch SOURCED`\nF=x; touch SOURCED\nPATH=/nowhere\nBASH_ENV=/x\n",
  });
  const [first] = await judge();
  expect(JSON.stringify(first)).not.toContain("SOURCED");
  expect(
    readdirSync(root, { recursive: true })
      .map(String)
      .filter((path) => path.includes("SOURCED")),
  ).toEqual([]);
  reportCompose(
    context,
    "an abra.sh and an .env.sample with commands in them",
    "read as text, nothing was run",
    damage(),
  );
});

const failing = (cause: string, message: RegExp) => ({
  ok: false,
  failure: { cause, message: expect.stringMatching(message) },
});

/** Publishes a release, checks it out as a run does, and has both drivers judge it. */
async function openRelease(files: Files) {
  const desk = openDesk();
  onTestFinished(() => desk[Symbol.dispose]());
  const root = desk.folder;
  const upstream = createUpstream(join(root, "upstream"));
  const commit = upstream.commit(files);
  const damage = guard({ proven: [upstream.folder], foreign: [plantWitness(root)] });
  const checkout = join(root, "state/checkouts/app");
  expect(await checkOut(upstream.folder, commit, checkout, desk.tools, desk.step)).toMatchObject({
    ok: true,
  });
  const source: Source = { recipe: "app", version: "1.0.0+1", commit, checkout, mirror: upstream.folder };
  const options = {
    tools: desk.tools,
    home: "/root",
    crashLoop: { exits: 5, longestUpMs: 30_000 },
    snapshotHelper: "debian",
    stateRoot: join(root, "state"),
    abraFolder: join(root, "abra"),
  };
  const drivers = [createSwarmDriver(options), createAbraDriver(options)];
  const judge = async (permissions: readonly string[] = []) => {
    const ends = drivers.map((driver) =>
      permissionProblem(bedOf(root, driver, permissions), source, desk.step),
    );
    return Promise.all(ends);
  };
  return { root, judge, damage };
}

function bedOf(root: string, driver: Driver, permissions: readonly string[]): Bed {
  const app: App = {
    recipe: "app",
    instance: "cold",
    domain: "app-1.ci.test",
    stack: "app-1_ci_test",
    run: "run",
    lane: { name: "main", server: "default", context: "default" },
    edge: { address: "127.0.0.1", port: 443, scheme: "https" },
    owner: "0000000000000000",
    scratch: join(root, "state/scratch"),
    data: join(root, "state/data"),
    env: {},
    kept: null,
  };
  return { app, driver, permissions } as unknown as Bed;
}

function reportCompose(
  context: TestContext,
  name: string,
  outcome: string,
  damage: { lost: string[]; touched: string[] },
): void {
  report(context, { kind: "hostile input", name, outcome, ...damage });
}
