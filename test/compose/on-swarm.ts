import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { App } from "../../src/core/app.ts";
import type { Release } from "../../src/driver/recipe-files/release.ts";
import { copyObjectFiles } from "../../src/driver/swarm/object-files.ts";
import { stackFile } from "../../src/driver/swarm/stack-file.ts";
import { DOCKER_28 } from "./difference.ts";
import { readFiles } from "./read.ts";

/** A release to be made twice on a swarm: by Docker from its files, and from our rendering of them. */
export interface TwiceMade {
  files: Readonly<Record<string, string>>;
  composeFiles: readonly string[];
  variables: Readonly<Record<string, string>>;
}

/** What came of it; `byFiles` and `byUs` are what Docker keeps of the services, without ids, times and our labels. */
export type MadeTwice =
  | { end: "deployed"; byFiles: unknown; byUs: unknown }
  | { end: "refused"; byDocker: string; byUs: string };

/**
 * Deploys a release in both ways by the current client, one after the other, and removes both stacks. The older client
 * lays some keys over each other differently: it appends an overlay's `command`, and refuses its mounts.
 */
export function makeTwice(release: TwiceMade): MadeTwice {
  const word = `twice${randomBytes(3).toString("hex")}`;
  const folder = mkdtempSync(join(tmpdir(), "made-twice-"));
  try {
    const files = Object.fromEntries(
      Object.entries(release.files).map(([name, text]) => [name, text.replaceAll("WORD", word)]),
    );
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const options = release.composeFiles.flatMap((name) => ["-c", name]);
    const byFiles = make(options, `${word}a`, folder, release.variables);
    const ours = rendering({ ...release, files }, folder, `${word}b`);
    if (ours === null) return { end: "refused", byDocker: byFiles.refused ?? "", byUs: "by our reader" };
    const byUs = make(["-c", "-"], `${word}b`, "/", {}, ours);
    if (byFiles.refused !== null || byUs.refused !== null)
      return { end: "refused", byDocker: byFiles.refused ?? "", byUs: byUs.refused ?? "" };
    return { end: "deployed", byFiles: byFiles.services, byUs: byUs.services };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rendering(
  { files, composeFiles, variables }: TwiceMade,
  folder: string,
  stack: string,
): string | null {
  const { compose, problems } = readFiles(files, variables, composeFiles.join(":"));
  if (compose === null || problems.length > 0) return null;
  const additions = {
    version: "1.0.0+1",
    labels: { "canonical-sweep.state": "twice" },
    pulled: {},
    files: copyObjectFiles(compose, folder, join(folder, "copies")),
    clientVariables: [],
  };
  return stackFile(
    { stack, recipe: "twice" } as App,
    { compose, variables: {} } as unknown as Release,
    additions,
  );
}

function make(
  options: readonly string[],
  stack: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  input = "",
): { refused: string | null; services: unknown } {
  const home = { HOME: "/nonexistent", PATH: "/usr/bin:/bin" };
  const call = (args: readonly string[]) =>
    spawnSync(DOCKER_28, args, { cwd, input, encoding: "utf8", env: { ...env, ...home } });
  try {
    const made = call(["stack", "deploy", ...options, "--resolve-image", "never", stack]);
    if (made.status !== 0) return { refused: made.stderr, services: null };
    const listed = call([
      "service",
      "ls",
      "--quiet",
      "--filter",
      `label=com.docker.stack.namespace=${stack}`,
    ]);
    const ids = listed.stdout.split("\n").filter((id) => id !== "");
    const found = JSON.parse(call(["service", "inspect", ...ids]).stdout) as { Spec: { Name: string } }[];
    return { refused: null, services: found.map(({ Spec }) => meaningOf(Spec, stack)).sort(byName) };
  } finally {
    call(["stack", "rm", stack]);
  }
}

function byName(one: unknown, other: unknown): number {
  return (one as { Name: string }).Name < (other as { Name: string }).Name ? -1 : 1;
}

function meaningOf(spec: unknown, stack: string): unknown {
  return without(JSON.parse(JSON.stringify(spec).replaceAll(stack, "STACK")));
}

/** What belongs to one stack alone, or is said by Docker in the order in which it came. */
const OF_ONE_ALONE = /^(ConfigID|SecretID|Target|ForceUpdate)$/;
const OURS = /^(canonical-sweep\.|coop-cloud\.)/;
const IN_ANY_ORDER = [
  "Mounts",
  "Env",
  "Networks",
  "Ports",
  "Configs",
  "Secrets",
  "CapabilityAdd",
  "CapabilityDrop",
];

function without(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => without(item));
    if (!IN_ANY_ORDER.includes(key)) return items;
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (value === null || typeof value !== "object") return value;
  const isMount = "Type" in value && "Target" in value;
  const entries = Object.entries(value)
    .filter(([name]) => !OURS.test(name) && (isMount || !OF_ONE_ALONE.test(name)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, without(item, name)]));
}
