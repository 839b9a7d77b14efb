import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Compose } from "../../src/compose/compose.ts";
import { startOf } from "../../src/compose/located.ts";
import { toPlainJson } from "../../src/compose/plain-json.ts";
import { readCompose } from "../../src/compose/read-compose.ts";
import { type GeneratedRelease, generateRelease } from "./generated-files.ts";

const CACHE = process.env.CANONICAL_SWEEP_CACHE ?? "/var/cache/canonical-sweep";
/** Docker's current client, as CI builds it: the older one has no `stack config`. */
export const DOCKER_28 = join(CACHE, "docker-28.5.2", "docker");

export interface Differences {
  counts: { compared: number; same: number; refused: number; refusedByBoth: number; takenAlone: number };
  /** What must not be: one meaning for us and another for Docker, or a sound file that Docker alone refuses. */
  problems: string[];
}

/** Compares the releases of `count` seeds in a row. */
export function differences(client: string, seed: number, count: number): Differences {
  const folder = mkdtempSync(join(tmpdir(), "compose-difference-"));
  const counts = { compared: 0, same: 0, refused: 0, refusedByBoth: 0, takenAlone: 0 };
  const problems: string[] = [];
  for (let each = seed; each < seed + count; each += 1) {
    const release = generateRelease(each);
    const found = compareWithDocker(client, join(folder, "release"), release);
    counts.compared += 1;
    if (found.end === "same") counts.same += 1;
    else if (found.end === "refused") counts[found.byDocker ? "refusedByBoth" : "refused"] += 1;
    else if (found.end === "taken-alone" && release.isHurt) counts.takenAlone += 1;
    else problems.push(`seed ${each}: ${JSON.stringify(found)}`);
  }
  rmSync(folder, { recursive: true });
  return { counts, problems };
}

/** What came of one release, read by us and by Docker's own client. */
export type Comparison =
  /** Docker takes what we write for what it reads itself. */
  | { end: "same" }
  /** We, or Docker's client to whom we give it, refuse it: nothing is deployed. */
  | { end: "refused"; byDocker: boolean; why: string }
  /** We take what Docker refuses. */
  | { end: "taken-alone"; why: string }
  | { end: "different"; ours: string; docker: string };

/** Keys that Docker prints and leaves out of a deploy, and those that are resolved already. */
const WITHOUT_MEANING = new Set([
  ...[
    "build",
    "container_name",
    "depends_on",
    "domainname",
    "expose",
    "external_links",
    "links",
    "mac_address",
  ],
  ...["restart", "shm_size", "env_file"],
]);

/** Lists that Docker makes longer when two files say the same, and that mean no more then. */
const ONCE = new Set(["cap_add", "cap_drop", "dns", "dns_search", "tmpfs", "extra_hosts"]);

/** Reads a release with our reader and with a docker client, in an empty folder; `planted` stands for our rendering. */
export function compareWithDocker(
  client: string,
  folder: string,
  release: GeneratedRelease,
  planted?: string,
): Comparison {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(release.files)) writeFileSync(join(folder, name), text);
  const picked = release.composeFiles.join(":");
  const reading = readCompose({
    readFile: (path) => readFileSync(join(folder, path)),
    variables: release.variables,
    picked: { raw: picked, text: picked, at: startOf(".env.sample") },
  });
  const options = release.composeFiles.flatMap((name) => ["--compose-file", name]);
  const docker = ask(client, folder, options, undefined, release.variables);
  const [problem] = reading.problems;
  if (reading.compose === null || problem !== undefined)
    return { end: "refused", byDocker: docker.status !== 0, why: problem?.message ?? "" };
  const ours = ask(client, folder, ["--compose-file", "-"], planted ?? written(reading.compose), {});
  if (ours.status !== 0) return { end: "refused", byDocker: docker.status !== 0, why: ours.stderr };
  if (docker.status !== 0) return { end: "taken-alone", why: docker.stderr };
  const [one, other] = [meaning(ours.stdout), meaning(docker.stdout)];
  return one === other ? { end: "same" } : { end: "different", ours: one, docker: other };
}

function written({ version, ...sections }: Compose): string {
  return toPlainJson({ ...(version === null ? {} : { version }), ...sections });
}

function ask(
  client: string,
  cwd: string,
  options: readonly string[],
  input: string | undefined,
  env: Readonly<Record<string, string>>,
) {
  return spawnSync(client, ["stack", "config", ...options], {
    cwd,
    encoding: "utf8",
    input: input ?? "",
    env: { HOME: cwd, PATH: "/usr/bin:/bin", ...env },
  });
}

function meaning(printed: string): string {
  return JSON.stringify(ordered(parse(printed, { logLevel: "silent" })), null, 1);
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value)
    .filter(([key]) => !WITHOUT_MEANING.has(key) && !key.startsWith("x-"))
    .map(([key, item]) => [key, inOrder(key, ordered(item))] as const)
    .filter(([, item]) => !isEmpty(item))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries);
}

// Docker sorts what several files say, and repeats what two of them say.
function inOrder(key: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (ONCE.has(key)) return [...new Set(value)];
  if (!["volumes", "ports", "configs", "secrets"].includes(key)) return value;
  return value.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

function isEmpty(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).length === 0;
}
