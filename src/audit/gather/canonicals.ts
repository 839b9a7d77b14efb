import { findKeptTests } from "../../canonical/kept-tests.ts";
import { inspectHistory, readRecord } from "../../canonical/store.ts";
import { deadlineIn } from "../../command/deadline.ts";
import type { RecipeConfig } from "../../config/config.ts";
import { type Canonical, provenRecord, type RecordReading } from "../../core/canonical.ts";
import { traitsOf } from "../../core/driver-traits.ts";
import { ActFailed } from "../../docker/failure.ts";
import { Fault, messageOf } from "../../fault.ts";
import { quietStep } from "../../run/ask-upstream.ts";
import type { Context } from "../../run/context.ts";
import { dockerOfLane } from "../../run/lane-docker.ts";
import { laneOf } from "../../run/lanes.ts";
import type { SwarmVolumes } from "../../run/volumes.ts";
import { isThere, readTextIfAny } from "../../state/files.ts";
import type { CanonicalPaths } from "../../state/paths.ts";
import { existingStateId } from "../../state/state-id.ts";
import type { CanonicalFacts, DataSeen, ForeignWork, Seen } from "../facts.ts";
import { dataInFolder, dataOnSwarm } from "./data.ts";
import { foreignWorkOn } from "./foreign-work.ts";
import { keptIn } from "./kept.ts";
import { tagsOfMirrors, tagsOfUpstream } from "./tags.ts";

const LIMIT_MS = 60_000;
/** A run at work may replace a record while it is looked at. */
const TRIES = 3;

/** All that is seen of one canonical. Looked at again where its record was replaced meanwhile. */
export async function canonicalFacts(
  context: Context,
  recipe: string,
  atWork: string | null,
  volumes: SwarmVolumes,
): Promise<CanonicalFacts> {
  for (let attempt = 1; ; attempt++) {
    const before = standingOf(context, recipe);
    const facts = await lookOnce(context, recipe, atWork, volumes);
    const isSame = standingOf(context, recipe) === before;
    if (isSame || attempt === TRIES) return { ...facts, isMoving: facts.isMoving || !isSame };
  }
}

function standingOf({ state }: Context, recipe: string): string {
  const { promotion, record } = state.canonical(recipe);
  const text = quietly(() => readTextIfAny(record));
  return JSON.stringify([text, isThere(promotion)]);
}

async function lookOnce(
  context: Context,
  recipe: string,
  atWork: string | null,
  volumes: SwarmVolumes,
): Promise<CanonicalFacts> {
  const { state } = context;
  const paths = state.canonical(recipe);
  const config = context.config.recipes.find((entry) => entry.recipe === recipe);
  const reading = readRecord(paths, recipe);
  const record = provenRecord(reading);
  return {
    recipe,
    reading,
    paths: { ...paths, data: state.data(recipe) },
    isMoving: isThere(paths.promotion) || (record !== null && record.run === atWork),
    ...(record === null ? NOT_ASKED : await tagsOf(context, recipe, config, record.version)),
    data: await seenOf(() => dataOf(context, recipe, reading, config, volumes)),
    kept: keptIn(paths.kept),
    testsProblem: record?.keptTests === undefined ? null : testsProblemOf(paths, record),
    history: await seenOf(async () => inspectHistory(paths)),
    foreignWork: await seenOf(() => foreignWork(context, record, config)),
  };
}

// Without a record there is no tag to look for.
const NOT_ASKED: Pick<CanonicalFacts, "upstream" | "mirrors" | "keptCommit"> = {
  upstream: { place: "upstream", tags: { state: "unseen", problem: "not asked" }, command: "" },
  mirrors: [],
  keptCommit: { state: "unseen", problem: "not asked" },
};

async function tagsOf(
  context: Context,
  recipe: string,
  config: RecipeConfig | undefined,
  version: string,
): Promise<typeof NOT_ASKED> {
  const [upstream, mirrors] = await Promise.all([
    tagsOfUpstream(context, recipe, config),
    tagsOfMirrors(context, recipe, config, version),
  ]);
  return { upstream, ...mirrors };
}

async function dataOf(
  context: Context,
  recipe: string,
  reading: RecordReading,
  config: RecipeConfig | undefined,
  volumes: SwarmVolumes,
): Promise<DataSeen> {
  const record = reading.state === "read" ? reading.record : null;
  const inFolder = await dataInFolder(context.state.data(recipe));
  if (!isOnSwarm(record, config)) return inFolder;
  if (record !== null) {
    const lane = laneOf(context.config, record.lane ?? null);
    const domain = record.domain ?? config?.domain;
    if (domain === undefined)
      throw new Fault("machinery", `neither ${recipe}'s record nor a recipe.yaml names its domain`, "");
    return dataOnSwarm(context, record, domain, lane, stepIn(context));
  }
  const orphans = config === undefined ? [] : await volumes.of(config);
  const seen = { bytes: 0, newestMs: null, isOurs: true, users: [] };
  return {
    ...inFolder,
    volumes: new Map([...inFolder.volumes, ...orphans.map((name) => [name, seen] as const)]),
  };
}

async function foreignWork(
  context: Context,
  record: Canonical | null,
  config: RecipeConfig | undefined,
): Promise<ForeignWork[]> {
  if (record === null || !isOnSwarm(record, config)) return [];
  const docker = dockerOfLane(context, laneOf(context.config, record.lane ?? null));
  return foreignWorkOn(docker, existingStateId(context.state.id) ?? "", stepIn(context));
}

// What neither a record nor a configuration knows can only lie in the state folder.
function isOnSwarm(record: Canonical | null, config: RecipeConfig | undefined): boolean {
  const driver = record?.driver ?? config?.driver;
  return driver !== undefined && traitsOf(driver)?.onSwarm !== false;
}

function testsProblemOf(paths: CanonicalPaths, record: Canonical): string | null {
  try {
    const found = findKeptTests(paths, record);
    return "problem" in found ? found.problem : null;
  } catch (error) {
    return messageOf(error);
  }
}

function stepIn(context: Context) {
  return quietStep(context, deadlineIn(context.clock, "audit", LIMIT_MS));
}

/** What cannot be looked at is no bug, and keeps nothing else from being looked at. */
async function seenOf<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { state: "seen", value: await look() };
  } catch (error) {
    if (!(error instanceof ActFailed) && !(error instanceof Fault)) throw error;
    return { state: "unseen", problem: messageOf(error) };
  }
}

function quietly<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return null;
  }
}
