import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, onTestFinished } from "vitest";
import { SYSTEM_PATH } from "../../src/command/search-path.ts";
import { createToolbox } from "../../src/command/toolbox.ts";
import type { App, Source } from "../../src/core/app.ts";
import { stackName } from "../../src/core/stack-name.ts";
import type { Driver } from "../../src/driver/driver.ts";
import { createSwarmDriver } from "../../src/driver/swarm/swarm-driver.ts";
import { docker } from "./docker.ts";
import { DOCKER, helperImage } from "./images.ts";
import { missingForSwarm } from "./missing-for-swarm.ts";
import { recordedStep } from "./recorded-step.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export { docker };

const missing = missingForSwarm();

/** Tests on a real swarm; skipped where there is none, except in CI. */
export function describeOnSwarm(name: string, tests: () => void): void {
  if (missing !== null && process.env.CI === "true") throw new Error(`in CI nothing is skipped: ${missing}`);
  describe.skipIf(missing !== null)(missing === null ? name : `${name} (skipped: ${missing})`, tests);
}

/** The tools as the program finds them, the client beside the engine first. */
export function swarmTools() {
  return createToolbox([dirname(DOCKER), ...SYSTEM_PATH]);
}

function toolsWithBetween(folder: string, script: string, stack: string) {
  writeFileSync(join(folder, "between"), `set -e\n${script}\n`);
  writeClient(folder, `case "$*" in *"stack deploy"*) sh ${folder}/between ${stack} >&2 ;; esac`);
  return createToolbox([folder, ...SYSTEM_PATH]);
}

/** A docker client that does this first, by a shell. */
export function writeClient(folder: string, first: string): void {
  writeFileSync(join(folder, "docker"), `#!/bin/sh\n${first}\nexec ${DOCKER} "$@"\n`, { mode: 0o755 });
}

/** What is left of a stack, of any kind and whoever made it. */
export function leftOf(stack: string): string[] {
  const kinds = { service: [], network: [], volume: [], secret: [], config: [], container: ["--all"] };
  return Object.entries(kinds).flatMap(([kind, more]) => {
    const column = kind === "container" ? "{{.Names}}" : "{{.Name}}";
    const names = docker(kind, "ls", ...more, "--format", column).split("\n");
    return names.filter((name) => name.startsWith(`${stack}_`)).map((name) => `${kind} ${name}`);
  });
}

export interface SwarmBench {
  driver: Driver;
  folder: string;
  app: App;
  /** A checkout of a release with these files. */
  release(version: string, files: Readonly<Record<string, string>>): Source;
  step(limitMs?: number): ReturnType<typeof recordedStep>;
}

/** A driver, and an app at a domain of its own that is removed with the test. */
export function swarmBench(
  options: Partial<App> & {
    crashLoop?: { exits: number; longestUpMs: number };
    adopted?: readonly string[];
    /** Run by a shell between the last look before a deploy and the deploy, with the stack as `$1`. */
    between?: string;
  } = {},
): SwarmBench {
  const { crashLoop, adopted, between, ...over } = options;
  const folder = temporaryFolder("swarm");
  const domain = `t${randomBytes(4).toString("hex")}.ci.example.org`;
  const app = testApp(folder, domain, over);
  const driver = createSwarmDriver({
    tools: between === undefined ? swarmTools() : toolsWithBetween(folder, between, app.stack),
    home: folder,
    crashLoop: crashLoop ?? { exits: 5, longestUpMs: 30_000 },
    snapshotHelper: helperImage(),
    adopted: () => adopted ?? [],
  });
  let steps = 0;
  const step = (limitMs = 60_000) => {
    steps += 1;
    const log = join(folder, `step-${steps}`);
    mkdirSync(log, { recursive: true });
    return recordedStep(log, { limitMs });
  };
  onTestFinished(async () => {
    await driver.remove(app, step().step);
  });
  let releases = 0;
  const release = (version: string, files: Readonly<Record<string, string>>): Source => {
    releases += 1;
    const checkout = join(folder, `checkout-${releases}`);
    for (const [name, text] of Object.entries(files)) writeFileIn(checkout, name, text);
    return {
      recipe: app.recipe,
      version,
      commit: "0".repeat(40),
      checkout,
      mirror: join(folder, "mirror.git"),
    };
  };
  return { driver, folder, app, release, step };
}

export function testApp(folder: string, domain: string, over: Partial<App> = {}): App {
  return {
    recipe: "sample",
    instance: "cold",
    domain,
    stack: stackName(domain),
    run: "20260101T000000Z-test",
    lane: { name: "main", server: "default", context: "default" },
    edge: { address: "127.0.0.1", port: 80, scheme: "http" },
    owner: `test-${randomBytes(4).toString("hex")}`,
    scratch: join(folder, "scratch", domain),
    data: join(folder, "data", domain),
    env: {},
    kept: null,
    ...over,
  };
}

function writeFileIn(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
