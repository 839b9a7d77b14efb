import { join } from "node:path";
import { z } from "zod";
import { findKeptTests } from "../../canonical/kept-tests.ts";
import { inspectHistory, readKept, readRecord } from "../../canonical/store.ts";
import { deadlineIn } from "../../command/deadline.ts";
import type { Step } from "../../command/step.ts";
import type { RecipeConfig } from "../../config/config.ts";
import { type Canonical, provenRecord, type RecordReading } from "../../core/canonical.ts";
import { traitsOf } from "../../core/driver-traits.ts";
import type { Docker } from "../../docker/docker.ts";
import { ActFailed } from "../../docker/failure.ts";
import { inspect, listIds } from "../../docker/inspect.ts";
import { OWN } from "../../docker/labels.ts";
import { Fault, messageOf, orFault } from "../../fault.ts";
import { quietStep } from "../../run/ask-upstream.ts";
import type { Context } from "../../run/context.ts";
import { dockerOfLane, laneOf } from "../../run/lanes.ts";
import type { SwarmVolumes } from "../../run/volumes.ts";
import { isPrivate } from "../../state/file-facts.ts";
import { isThere, readTextIfAny } from "../../state/files.ts";
import type { CanonicalPaths } from "../../state/paths.ts";
import { existingStateId } from "../../state/state-id.ts";
import type { CanonicalFacts, DataSeen, ForeignWork, KeptSeen, Seen } from "../facts.ts";
import { dataInFolder, dataOnSwarm } from "./data.ts";
import { type Subject, tagsOfMirrors, tagsOfUpstream } from "./tags.ts";

const LIMIT_MS = 60_000;
/** A run at work may replace a record during the look. */
const TRIES = 3;

/** All observations of one canonical, repeated if its record was replaced meanwhile. */
export async function canonicalFacts(
  context: Context,
  recipe: string,
  atWork: string | null,
  volumes: SwarmVolumes,
): Promise<CanonicalFacts> {
  const config = context.config.recipes.find((entry) => entry.recipe === recipe);
  for (let attempt = 1; ; attempt++) {
    const before = standingOf(context, recipe);
    const facts = await lookOnce({ context, recipe, config }, atWork, volumes);
    const isSame = standingOf(context, recipe) === before;
    if (isSame || attempt === TRIES) return { ...facts, isMoving: facts.isMoving || !isSame };
  }
}

function standingOf({ state }: Context, recipe: string): string {
  const { promotion, record } = state.canonical(recipe);
  const text = orFault(() => readTextIfAny(record));
  return JSON.stringify([text instanceof Fault ? null : text, isThere(promotion)]);
}

async function lookOnce(
  subject: Subject,
  atWork: string | null,
  volumes: SwarmVolumes,
): Promise<CanonicalFacts> {
  const { recipe } = subject;
  const { state } = subject.context;
  const paths = state.canonical(recipe);
  const reading = readRecord(paths, recipe);
  const record = provenRecord(reading);
  return {
    recipe,
    reading,
    paths: { ...paths, data: state.data(recipe) },
    isMoving: isThere(paths.promotion) || (record !== null && record.run === atWork),
    ...(record === null ? NOT_ASKED : await tagsOf(subject, record.version)),
    data: await seenOf(() => dataOf(subject, reading, volumes)),
    kept: keptIn(paths.kept),
    testsProblem: record?.keptTests === undefined ? null : testsProblemOf(paths, record),
    history: await seenOf(async () => inspectHistory(paths)),
    foreignWork: await seenOf(() => foreignWork(subject, record)),
  };
}

// Without a record there is no tag to look for.
const NOT_ASKED: Pick<CanonicalFacts, "upstream" | "mirrors" | "keptCommit"> = {
  upstream: { place: "upstream", tags: { state: "unseen", problem: "not asked" }, command: "" },
  mirrors: [],
  keptCommit: { state: "unseen", problem: "not asked" },
};

async function tagsOf(subject: Subject, version: string): Promise<typeof NOT_ASKED> {
  const [upstream, mirrors] = await Promise.all([tagsOfUpstream(subject), tagsOfMirrors(subject, version)]);
  return { upstream, ...mirrors };
}

async function dataOf(
  { context, recipe, config }: Subject,
  reading: RecordReading,
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

async function foreignWork({ context, config }: Subject, record: Canonical | null): Promise<ForeignWork[]> {
  if (record === null || !isOnSwarm(record, config)) return [];
  const docker = dockerOfLane(context, laneOf(context.config, record.lane ?? null));
  return foreignWorkOn(docker, existingStateId(context.state.id) ?? "", stepIn(context));
}

// A canonical unknown to records and configuration can only be in the state folder.
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

/** A failed look is not a bug, and does not prevent others. */
async function seenOf<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { state: "seen", value: await look() };
  } catch (error) {
    if (!(error instanceof ActFailed) && !(error instanceof Fault)) throw error;
    return { state: "unseen", problem: messageOf(error) };
  }
}

/** The files kept with a canonical, without the values of its secrets. */
function keptIn(folder: string): Seen<KeptSeen> {
  try {
    const kept = readKept(folder);
    const open = [".env", "secrets.json"].filter((name) => !isPrivate(join(folder, name)));
    return {
      state: "seen",
      value: { env: kept !== null && kept.env !== null, secrets: Object.keys(kept?.secrets ?? {}), open },
    };
  } catch (error) {
    return { state: "unseen", problem: messageOf(error) };
  }
}

// The swarm makes containers and networks again by itself, and volumes change with their content, so these do not show
// when somebody was at work.
const TELLING_KINDS = ["service", "secret", "config"] as const;

const Made = z.object({
  CreatedAt: z.string(),
  Spec: z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
});

/** Objects made by other state folders on a swarm, with their times. */
async function foreignWorkOn(docker: Docker, owner: string, step: Step): Promise<ForeignWork[]> {
  const work: ForeignWork[] = [];
  for (const kind of TELLING_KINDS) {
    const ids = await listIds(docker, kind, [`label=${OWN.state}`], step);
    for (const entry of await inspect(docker, kind, ids, step)) {
      const { CreatedAt, Spec } = Made.parse(entry);
      const { [OWN.state]: state = "", [OWN.run]: run = "unknown" } = Spec.Labels ?? {};
      if (state === owner) continue;
      work.push({ object: `${kind} ${Spec.Name}`, owner: state, run, madeAtMs: Date.parse(CreatedAt) });
    }
  }
  return work;
}
