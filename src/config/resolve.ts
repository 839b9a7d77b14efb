import { resolve } from "node:path";
import { SYSTEM_PATH } from "../command/search-path.ts";
import type { Edge } from "../core/app.ts";
import { parseBytes, parseDuration } from "../core/duration.ts";
import type { Config, LaneConfig, MirrorConfig, RecipeConfig, Timeouts } from "./config.ts";
import { type LoadedFiles, type LoadedRecipe, warmDomain } from "./loaded.ts";
import type { RecipeFile } from "./recipe-schema.ts";
import type { SweepFile } from "./schema.ts";

/** The configuration in the program's units; the files are known to be without fault. */
export function resolveConfig(
  folder: string,
  sweep: SweepFile,
  files: LoadedFiles,
  state: string | undefined,
): Config {
  return {
    folder,
    hasRecipeFolder: files.hasRecipeFolder,
    domain: sweep.domain,
    state: state === undefined ? resolve(folder, sweep.state) : resolve(state),
    schedule: sweep.schedule,
    timezone: sweep.timezone,
    lanes: sweep.lanes.map((lane) => resolveLane(lane, sweep.edge, folder)),
    floor: sweep.floor.enrolled,
    timeouts: resolveTimeouts(sweep.timeouts),
    disk: { minFree: bytes(sweep.disk.minFree), canonicals: bytes(sweep.disk.canonicals) },
    breaker: sweep.breaker.consecutiveMachinery,
    crashLoop: { exits: sweep.crashLoop.exits, longestUpMs: milliseconds(sweep.crashLoop.longestUp) },
    snapshotHelper: sweep.snapshot.helper,
    investigate: { busyAbove: sweep.investigate.busyAbove },
    keep: { runs: sweep.keep.runs, days: sweep.keep.days ?? null },
    listen: sweep.listen,
    allowedHosts: sweep.allowedHosts,
    path: [...sweep.path, ...SYSTEM_PATH],
    tools: sweep.tools.map((tool) => ({ name: tool.name, atLeast: tool.atLeast ?? null })),
    environment: sweep.environment,
    notify: (sweep.notify ?? []).map(({ webhook, on, method, body, tokenFile }) => ({
      url: webhook,
      on,
      method,
      body,
      tokenFile: tokenFile === undefined ? null : resolve(folder, tokenFile),
    })),
    heartbeat: sweep.heartbeat ?? null,
    knownCauses: files.knownCauses,
    recipes: files.recipes.flatMap((recipe) => resolveRecipe(recipe, sweep, folder)),
    withoutFile: files.withoutFile,
  };
}

function resolveRecipe(recipe: LoadedRecipe, sweep: SweepFile, folder: string): RecipeConfig[] {
  const { name, value } = recipe;
  if (value === null) return [];
  const address = (template: string) => resolveAddress(template, name, folder);
  return [
    {
      recipe: name,
      folder: recipe.folder,
      enrolled: value.canonical,
      reason: value.canonical ? null : (value.reason ?? null),
      warm: value.warm,
      driver: value.driver ?? sweep.driver,
      upstream: address(value.upstream ?? sweep.upstream ?? ""),
      mirror: resolveMirror(value.mirror ?? sweep.mirror, address, folder),
      timeouts: resolveTimeouts({ ...sweep.timeouts, ...withoutUndefined(value.timeouts ?? {}) }),
      domain: warmDomain(name, value.domain, sweep.domain),
      health: value.health,
      env: value.env,
      requires: value.requires,
      tests: value.tests,
      broken: value.broken,
      permissions: value.permissions,
      commands: value.commands ?? null,
    },
  ];
}

function resolveMirror(
  mirror: RecipeFile["mirror"],
  address: (template: string) => string,
  folder: string,
): MirrorConfig | null {
  if (mirror === undefined) return null;
  const { url, forge } = mirror;
  return {
    url: address(url),
    forge: forge === undefined ? null : { ...forge, tokenFile: resolve(folder, forge.tokenFile) },
  };
}

// `./x` and `../x` are relative to the configuration folder; a URL and `host:path` stay as they are.
function resolveAddress(template: string, recipe: string, folder: string): string {
  const address = template.replaceAll("{recipe}", recipe);
  return /^\.{1,2}\//.test(address) ? resolve(folder, address) : address;
}

function resolveLane(lane: SweepFile["lanes"][number], shared: Edge, folder: string): LaneConfig {
  return {
    name: lane.name,
    server: lane.server,
    context: lane.context,
    edge: resolveEdge(lane.edge ?? shared, folder),
  };
}

function resolveEdge({ caFile, ...edge }: Edge, folder: string): Edge {
  return caFile === undefined ? edge : { ...edge, caFile: resolve(folder, caFile) };
}

function resolveTimeouts(timeouts: SweepFile["timeouts"]): Timeouts {
  return {
    deploy: milliseconds(timeouts.deploy),
    tier: milliseconds(timeouts.tier),
    promote: milliseconds(timeouts.promote),
    recipe: milliseconds(timeouts.recipe),
    sweep: milliseconds(timeouts.sweep),
    git: milliseconds(timeouts.git),
  };
}

function withoutUndefined(overrides: NonNullable<RecipeFile["timeouts"]>): Partial<SweepFile["timeouts"]> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

function milliseconds(text: string): number {
  return parseDuration(text) ?? unchecked(text);
}

function bytes(text: string): number {
  return parseBytes(text) ?? unchecked(text);
}

function unchecked(text: string): never {
  throw new Error(`the schema let ${JSON.stringify(text)} through`);
}
