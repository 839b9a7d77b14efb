import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { busyboxImage } from "../../support/images.ts";
import { docker as askDocker } from "../../support/swarm.ts";
import type { SwarmWorld } from "../../sweep-swarm/world.ts";
import type { SwarmRecipe } from "../../sweep-swarm/world-recipe.ts";

/** All that a canonical is, by what it is called: what must outlive every fault. */
export type Standing = Readonly<Record<string, string>>;

/** Asks a daemon. */
export type Ask = (...args: string[]) => string;

/** Reads a canonical: record, kept files and tests, volumes as a container sees them, secrets. */
export function standingOf(
  { state }: SwarmWorld,
  { name, stack }: SwarmRecipe,
  ask: Ask = askDocker,
): Standing {
  const folder = join(state, "canonical", name);
  const kept = ["kept", "tests"].flatMap((part) => filesBelow(join(folder, part)));
  const files = [join(folder, "canonical.json"), ...kept].filter(existsSync);
  const volumes = namesOf("volume", stack, ask);
  return {
    ...Object.fromEntries(files.map((path) => [path.slice(state.length + 1), describeFile(path)])),
    ...Object.fromEntries(volumes.map((volume) => [`volume ${volume}`, readVolume(volume, ask)])),
    ...Object.fromEntries(
      namesOf("secret", stack, ask).map((secret) => [`secret ${secret}`, idOf(secret, ask)]),
    ),
  };
}

/** How the content of a file with these lines is shown in a standing. */
export function contentOf(lines: readonly string[]): string {
  return createHash("sha256")
    .update(`${lines.join("\n")}\n`)
    .digest("hex");
}

/** What is there of this state folder and should not be, when nothing is under way: on disk and on the swarm. */
export function residueOf(
  world: SwarmWorld,
  { name, stack }: SwarmRecipe,
  standing: Standing,
  ask: Ask = askDocker,
): string[] {
  const { state } = world;
  const folder = join(state, "canonical", name);
  const record = JSON.parse(world.read("canonical", name, "canonical.json") ?? "{}");
  const allowed = new Set([
    "canonical.json",
    "history.jsonl",
    "kept",
    ...(record.keptTests ? ["tests"] : []),
  ]);
  const inFolder = (existsSync(folder) ? readdirSync(folder) : []).filter((entry) => !allowed.has(entry));
  const inKept = filesIn(join(folder, "kept")).filter((path) => !/\/(\.env|secrets\.json)$/.test(path));
  const inTests = filesIn(join(folder, "tests")).filter(
    (path) => `sha256:${basename(path)}` !== record.keptTests,
  );
  const elsewhere = ["snapshots", "scratch"].flatMap((place) => filesIn(join(state, place)));
  const isLive = record.status === "live";
  const mayBe = (line: string) =>
    line in standing ||
    (isLive && /^(service|container|network|config) /.test(line) && line.includes(` ${stack}_`));
  const objects = objectsOfOwner(ownerOf(state), ask).filter((line) => !mayBe(line));
  return [...inFolder, ...inKept, ...inTests, ...elsewhere, ...objects];
}

/** Every object that carries the label of a state folder. */
function objectsOfOwner(owner: string, ask: Ask): string[] {
  const filter = ["--filter", `label=canonical-sweep.state=${owner}`];
  const kinds = {
    service: "Name",
    network: "Name",
    volume: "Name",
    secret: "Name",
    config: "Name",
    container: "Names",
  };
  return Object.entries(kinds).flatMap(([kind, column]) => {
    const all = kind === "container" ? ["--all"] : [];
    const names = ask(kind, "ls", ...all, ...filter, "--format", `{{.${column}}}`);
    return names
      .split("\n")
      .filter(Boolean)
      .map((name) => `${kind} ${name}`);
  });
}

function ownerOf(state: string): string {
  return readFileSync(join(state, "id"), "utf8").trim();
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((entry) => join(folder, entry)) : [];
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function describeFile(path: string): string {
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
  return `${(statSync(path).mode & 0o7777).toString(8)} ${hash}`;
}

/** Every path of a volume with its kind, mode, owner and content. */
function readVolume(volume: string, ask: Ask): string {
  const script = `cd /v && find . | sort | while read -r path; do
    stat -c "%n %F %a %u:%g" "$path"
    if [ -L "$path" ]; then readlink "$path"; elif [ -f "$path" ]; then sha256sum <"$path"; fi
  done`;
  const mount = ["--network", "none", "--volume", `${volume}:/v:ro`];
  return ask("run", "--rm", ...mount, busyboxImage(), "sh", "-c", script);
}

function namesOf(kind: "volume" | "secret", stack: string, ask: Ask): string[] {
  const names = ask(kind, "ls", "--filter", `name=${stack}_`, "--format", "{{.Name}}").split("\n");
  return names.filter((name) => name.startsWith(`${stack}_`)).sort();
}

function idOf(secret: string, ask: Ask): string {
  return ask("secret", "inspect", "--format", "{{.ID}}", secret);
}
