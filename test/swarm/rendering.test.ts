// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { App } from "../../src/driver/driver.ts";
import { copyObjectFiles } from "../../src/driver/swarm/object-files.ts";
import type { Release } from "../../src/driver/swarm/release.ts";
import { stackFile } from "../../src/driver/swarm/stack-file.ts";
import { readFiles } from "../compose/read.ts";
import { busyboxImage, DOCKER } from "../support/images.ts";
import { describeOnSwarm, docker } from "../support/swarm.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const VARIABLES = { NAME: "x y", EMPTY: "", COUNT: "3", WAIT: "15s" };

/** Nothing of it runs: what the services are to be is compared, and all of them have no task. */
const FILES = {
  "compose.yml": `version: "3.8"
x-base: &base
  image: ${busyboxImage()}
  stop_grace_period: 1m30s
  deploy: &none { replicas: 0, endpoint_mode: dnsrr }
services:
  app:
    <<: *base
    command: sh -c "echo 'a b' $$HOME \${NAME}"
    entrypoint: ["/bin/sh", "-c"]
    environment: { ONE: 1, TWO: "\${NAME:-none}", EMPTY: , GONE: , LINES: "a\\nb", DOLLAR: "$$x", UNI: "é😀" }
    env_file: more.env
    labels: ["a=b=c", "d"]
    hostname: "{{.Service.Name}}"
    user: "1000:1000"
    working_dir: /srv
    init: true
    read_only: true
    tty: true
    cap_drop: [ALL]
    cap_add: [CHOWN, NET_BIND_SERVICE]
    sysctls: { net.core.somaxconn: 1024 }
    ulimits: { nproc: 65535, nofile: { soft: 20000, hard: 40000 } }
    dns: 9.9.9.9
    extra_hosts: ["somehost:162.242.195.82"]
    tmpfs: [/run, /tmp]
    stop_signal: SIGUSR1
    healthcheck: { test: "exit 0", interval: 5s, timeout: "\${WAIT}", retries: "\${COUNT}", start_period: 1m }
    logging: { driver: json-file, options: { max-size: 10m, max-file: "3" } }
    networks: { back: { aliases: [api, web] }, front: }
    volumes: ["data:/data", "/anonymous", { type: tmpfs, target: /t, tmpfs: { size: 100000 } }, "more:/more:ro"]
    configs: [{ source: conf, target: /etc/conf, mode: 0440, uid: "103" }, other]
    secrets: [{ source: pass, target: p, mode: 0400 }]
  job:
    image: ${busyboxImage()}
    deploy:
      mode: replicated
      replicas: 0
      labels: { traefik.enable: "true", num: 1.10 }
      update_config: { parallelism: 2, delay: 10s, order: start-first, failure_action: rollback, monitor: 15s, max_failure_ratio: 0.3 }
      rollback_config: { parallelism: 1, delay: 3s }
      restart_policy: { condition: on-failure, delay: 2s, max_attempts: 3, window: 10s }
      resources: { limits: { cpus: "0.5", memory: 50M }, reservations: { cpus: "0.25", memory: 20M } }
      placement: { constraints: [node.role == manager], preferences: [{ spread: node.labels.zone }], max_replicas_per_node: 4 }
      endpoint_mode: dnsrr
    ports: [{ target: 80, published: 18080, mode: host }, { target: 53, published: 18053, protocol: udp, mode: host }]
volumes:
  data: { labels: { keep: "yes" } }
  more:
networks:
  back: { internal: true, labels: [x=y] }
  front: { driver: overlay, attachable: true }
configs:
  conf: { file: conf.txt, name: "\${PREFIX:-}CONF" }
  other: { file: conf.txt, template_driver: golang }
secrets:
  pass: { file: pass.txt }
`,
  "compose.more.yml": `version: "3.8"
services:
  app:
    environment: [THREE=3, ONE=one]
    labels: { d: e }
    volumes: ["more:/again"]
    deploy: { labels: [late=1] }
    networks: { back: { aliases: [late] } }
  job: { hostname: later, deploy: { resources: { limits: { memory: 60M } } } }
`,
  "more.env": "FROM_FILE=a=b # kept\nNAME\n# no\n",
  "conf.txt": 'content {{ env "ONE" }}\n',
  "pass.txt": "a password\n",
};

describeOnSwarm("what is given to Docker", () => {
  it("makes the same services, networks and volumes as the files of the release, field by field", () => {
    const word = `rendering${randomBytes(3).toString("hex")}`;
    const stacks = [`${word}a`, `${word}b`] as const;
    onTestFinished(() => void docker("stack", "rm", ...stacks));
    const folder = temporaryFolder("rendering");
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text.replaceAll("CONF", `${word}-conf`));
    }
    const files = ["compose.yml", "compose.more.yml"];
    deploy(["-c", files[0] ?? "", "-c", files[1] ?? ""], stacks[0], folder, { ...VARIABLES, PREFIX: "a-" });
    deploy(["-c", "-"], stacks[1], "/", {}, ours(folder, files, stacks[1], word));
    for (const service of ["app", "job"])
      expect(meaningOf("service", `${stacks[1]}_${service}`, stacks, word)).toEqual(
        meaningOf("service", `${stacks[0]}_${service}`, stacks, word),
      );
    for (const network of ["back", "front"])
      expect(meaningOf("network", `${stacks[1]}_${network}`, stacks, word)).toEqual(
        meaningOf("network", `${stacks[0]}_${network}`, stacks, word),
      );
    const [conf, other] = ["a", "b"].map((prefix) =>
      docker(
        "config",
        "inspect",
        `${prefix}-${word}-conf`,
        "--format",
        "{{json .Spec.Data}} {{json .Spec.Templating}}",
      ),
    );
    expect(other).toBe(conf);
  });
});

function ours(folder: string, files: readonly string[], stack: string, word: string): string {
  const texts = Object.fromEntries(
    Object.entries(FILES).map(([name, text]) => [name, text.replaceAll("CONF", `${word}-conf`)]),
  );
  const variables = { ...VARIABLES, PREFIX: "b-" };
  const { compose, problems } = readFiles(texts, variables, files.join(":"));
  expect(problems).toEqual([]);
  if (compose === null) throw new Error("it cannot be read");
  const copies = copyObjectFiles(compose, folder, join(folder, "copies"));
  const release = { compose, variables: {} } as Release;
  const additions = {
    version: "1.0.0+1",
    labels: { "canonical-sweep.state": word },
    pulled: {},
    files: copies,
    clientVariables: ["HOME", "PATH"],
  };
  return stackFile({ stack, recipe: "rendering" } as App, release, additions);
}

function deploy(
  files: readonly string[],
  stack: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  input?: string,
): void {
  const args = ["stack", "deploy", ...files, "--resolve-image", "never", stack];
  const home = { HOME: "/nonexistent", PATH: "/usr/bin:/bin" };
  const made = spawnSync(DOCKER, args, {
    cwd,
    input: input ?? "",
    encoding: "utf8",
    env: { ...home, ...env },
  });
  expect(made.stderr, made.stdout).not.toMatch(/error|fail|refus|invalid/i);
  expect(made.status, made.stderr).toBe(0);
}

/** What Docker keeps of an object, without ids, times, names of stacks and our labels. */
function meaningOf(kind: string, name: string, stacks: readonly string[], word: string): unknown {
  const [found] = JSON.parse(docker(kind, "inspect", name)) as Record<string, unknown>[];
  const text = JSON.stringify(kind === "service" ? found?.Spec : found)
    .replaceAll(new RegExp(stacks.join("|"), "g"), "STACK")
    .replaceAll(new RegExp(`[ab]-${word}-conf`, "g"), "CONF");
  return without(JSON.parse(text));
}

const OF_ONE_ALONE =
  /^(Id|ID|ConfigID|SecretID|Target|Created|CreatedAt|UpdatedAt|Version|Config|IPAM|ForceUpdate|.*vxlanid_list)$/;
const OURS = /^(canonical-sweep\.|coop-cloud\.)/;

function without(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => without(item));
    return key === "Mounts" || key === "Env" || key === "Networks"
      ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (value === null || typeof value !== "object") return value;
  const isMount = "Source" in value;
  const entries = Object.entries(value).filter(
    ([name]) => !OURS.test(name) && (isMount || !OF_ONE_ALONE.test(name)),
  );
  return Object.fromEntries(entries.map(([name, item]) => [name, without(item, name)]));
}
