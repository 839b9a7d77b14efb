import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { stringify } from "yaml";
import { stackName } from "../core/stack-name.ts";
import { OWN, STACK_NAMESPACE } from "../docker/labels.ts";
import { readTextIfAny } from "../state/files.ts";
import type { Programs } from "./command-form.ts";
import type { Form } from "./form.ts";
import type { OwnMachine } from "./own-machine.ts";
import type { SampleRelease } from "./sample-release.ts";
import type { SampleRecipe } from "./story.ts";
import { type DemoEdge, openEdge } from "./swarm-edge.ts";
import { DEMO_IMAGE, makeImage } from "./swarm-image.ts";

const PORT = 8080;

/** The sample apps as stacks on the local swarm, with an image built here and an edge in front. */
export async function swarmForm(programs: Programs, root: string, machine: OwnMachine): Promise<Form> {
  await machine.run("docker", ["node", "ls", "--format", "{{.ID}}"]);
  const command = await makeImage(programs, join(root, "image"), machine);
  const edge = await openEdge((domain) => portOf(machine, domain));
  return {
    sweep: sweepOf(edge),
    recipe: ({ trouble }) => (trouble === "answers-404-when-warm" ? { timeouts: { promote: "30s" } } : {}),
    executables: () => ({}),
    release: (sample, release) => ({
      "app.json": `${JSON.stringify(release, null, 2)}\n`,
      "compose.yml": stringify(composeOf(sample, release, command)),
      ".env.sample": `TYPE=${sample.recipe}\nDOMAIN=${sample.recipe}.example.org\n`,
      ...(sample.trouble === "read-only-settings" ? { "settings.json": "{}\n" } : {}),
    }),
    close: async () => {
      edge.close();
      await removeObjects(machine, join(root, "state", "id"));
      await machine.tryRun("docker", ["image", "rm", DEMO_IMAGE]);
    },
  };
}

function sweepOf({ port }: DemoEdge): Record<string, unknown> {
  return {
    driver: "swarm",
    edge: { address: "127.0.0.1", port, scheme: "http" },
    timeouts: { deploy: "90s", tier: "3m", promote: "3m", recipe: "10m", sweep: "1h", git: "20s" },
    crashLoop: { exits: 3, longestUp: "30s" },
    snapshot: { helper: DEMO_IMAGE },
    environment: { DEMO_EDGE: `127.0.0.1:${port}` },
  };
}

async function portOf(machine: OwnMachine, domain: string): Promise<number | null> {
  const label = `label=${STACK_NAMESPACE}=${stackName(domain)}`;
  const lines = await machine.run("docker", ["ps", "--filter", label, "--format", "{{.Ports}}"]);
  const port = new RegExp(`:(\\d+)->${PORT}/`).exec(lines.join("\n"))?.[1];
  return port === undefined ? null : Number(port);
}

// A service keeps its id until its stack is removed, so a new id shows the app that it was moved.
function composeOf({ trouble }: SampleRecipe, release: SampleRelease, command: string[]): unknown {
  const hasSettings = trouble === "read-only-settings";
  const isLame = trouble === "answers-404-when-warm";
  const id = `release_${release.version.replace(/[^a-z0-9]+/gi, "_")}`;
  return {
    version: "3.8",
    services: {
      app: {
        image: DEMO_IMAGE,
        command: [...command, "/release.json", "/data"],
        environment: {
          DEMO_PORT: String(PORT),
          DEMO_SERVICE: "{{.Service.ID}}",
          ...(isLame ? { DEMO_REFUSES: "warm-" } : {}),
        },
        volumes: ["data:/data"],
        configs: [
          { source: "release", target: "/release.json" },
          ...(hasSettings ? [{ source: "settings", target: "/data/settings.json" }] : []),
        ],
        ports: [{ target: PORT, mode: "host" }],
        stop_grace_period: "2s",
        deploy: {
          endpoint_mode: "dnsrr",
          restart_policy: { condition: "any", delay: "500ms" },
          labels: backupLabels(trouble),
        },
      },
    },
    volumes: { data: {} },
    configs: {
      release: { file: "./app.json", name: `\${STACK_NAME}_${id}` },
      ...(hasSettings ? { settings: { file: "./settings.json", name: `\${STACK_NAME}_settings_1` } } : {}),
    },
  };
}

function backupLabels(trouble: SampleRecipe["trouble"]): Record<string, string> {
  const all = { "backupbot.backup": "true" };
  return trouble === "restores-nothing" ? { ...all, "backupbot.backup.path": "/data/served-by" } : all;
}

/** Tries to remove an object in use, and the pause between them in milliseconds. */
const TRIES = 60;
const PAUSE_MS = 500;

// In the order in which they release each other.
const KINDS = ["service", "network", "volume", "config", "secret"] as const;

/** Removes everything that the sweeps of this state folder made on the swarm: only objects with its id. */
async function removeObjects(machine: OwnMachine, idFile: string): Promise<void> {
  const id = readTextIfAny(idFile)?.trim();
  if (id === undefined) return;
  for (const kind of KINDS) await removeKind(machine, kind, `label=${OWN.state}=${id}`);
}

async function removeKind(machine: OwnMachine, kind: (typeof KINDS)[number], filter: string): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = (await machine.tryRun("docker", [kind, "ls", "--quiet", "--filter", filter])) ?? [];
    if (found.length === 0) return;
    await machine.tryRun("docker", [kind, "rm", ...found]);
    await wait(PAUSE_MS);
  }
}
