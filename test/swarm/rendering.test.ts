// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DOCKER_28 } from "../compose/difference.ts";
import { generateRelease } from "../compose/generated-files.ts";
import { makeTwice } from "../compose/on-swarm.ts";
import { busyboxImage } from "../support/images.ts";
import { describeOnSwarm } from "../support/swarm.ts";

const VARIABLES = { NAME: "x y", EMPTY: "", COUNT: "3", WAIT: "15s" };
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const GENERATED = 25;
const missing = !existsSync(DOCKER_28) && process.env.CI !== "true";
const reason = missing ? " (skipped: no current docker client here)" : "";

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
  conf: { file: conf.txt, name: "WORD-conf" }
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

describeOnSwarm("our compose file, deployed by Docker", () => {
  describe.skipIf(missing)(`beside the files of a release${reason}`, () => {
    it("makes the same services, field by field", () => {
      const composeFiles = ["compose.yml", "compose.more.yml"];
      const made = makeTwice({ files: FILES, composeFiles, variables: VARIABLES });
      if (made.end !== "deployed") throw new Error(JSON.stringify(made));
      expect(made.byUs).toEqual(made.byFiles);
      expect(made.byUs).toHaveLength(2);
    });

    it("is reported where it means something else", () => {
      const composeFiles = ["compose.yml"];
      const files = {
        "compose.yml": `version: "3.8"\nservices: { app: { image: a, hostname: "\${WHO}" } }\n`,
      };
      const made = makeTwice({ files, composeFiles, variables: { WHO: "one" } });
      const other = makeTwice({ files, composeFiles, variables: { WHO: "two" } });
      if (made.end !== "deployed" || other.end !== "deployed") throw new Error("both can be deployed");
      expect(made.byUs).toEqual(made.byFiles);
      expect(other.byUs).not.toEqual(made.byFiles);
    });

    it(`makes the same services of ${GENERATED} generated releases, or none (seed ${SEED})`, () => {
      for (let seed = SEED; seed < SEED + GENERATED; seed += 1) {
        const made = makeTwice(generateRelease(seed));
        if (made.end === "deployed") expect(made.byUs, `seed ${seed}`).toEqual(made.byFiles);
      }
    });
  });
});
