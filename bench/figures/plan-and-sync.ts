import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createUpstream, TEST_GIT_ENVIRONMENT } from "../../test/support/upstream.ts";
import { type Collection, configureUpstream, makeCollection } from "../collection.ts";
import type { Bench, Figure } from "../figure.ts";
import { type GitProcess, startGitProcess } from "../git-process.ts";
import { time, timeProgram } from "../program.ts";

const RECIPES = 250;
const CHANGED = 5;

/** A plan of 250 recipes beside git alone, and a sync in which 5 of them have changed beside that plan. */
export async function measurePlanAndSync(bench: Bench): Promise<Figure[]> {
  const collection = makeCollection(bench.folder, RECIPES);
  await using git = await startGitProcess(collection.upstreams);
  configureUpstream(collection, git.url);
  const askAll = gitAlone(bench.folder, collection, git.url);
  const asked: number[] = [];
  const planned: number[] = [];
  const synced: number[] = [];
  const fetched: number[] = [];
  await sync(collection, git);
  for (let round = 0; round < bench.rounds; round++) {
    asked.push(await askAll());
    planned.push(await plan(collection));
    changeUpstreams(collection, CHANGED, round);
    const end = await sync(collection, git);
    synced.push(end.ms);
    fetched.push(end.fetches);
  }
  return [
    {
      what: `plan of ${RECIPES}, nothing new`,
      unit: "ms",
      measured: planned,
      reference: { what: `git ls-remote of ${RECIPES}, 16 at a time`, values: asked },
      limit: 1.3,
    },
    {
      what: `sync of ${RECIPES} mirrors, ${CHANGED} changed`,
      unit: "ms",
      measured: synced,
      reference: { what: "the plan", values: planned },
      limit: 1.5,
    },
    { what: "  what it fetched", unit: "fetches", measured: fetched, reference: null, limit: CHANGED },
  ];
}

/** `git ls-remote` of every upstream, 16 at a time, by xargs. */
function gitAlone(folder: string, { recipes }: Collection, url: string): () => Promise<number> {
  const list = join(folder, "urls");
  writeFileSync(list, recipes.map((recipe) => `${url}/${recipe}.git\n`).join(""));
  const args = ["--arg-file", list, "--max-procs=16", "--max-args=1", "git", "ls-remote", "--"];
  return async () => (await time("xargs", args, { env: TEST_GIT_ENVIRONMENT })).ms;
}

/** The time of a plan in which every recipe was asked and stands at its latest release. */
export async function plan(collection: Collection): Promise<number> {
  const { ms, stdout } = await timeProgram(["--config", collection.configuration, "--json", "plan"]);
  assertNothingNew(stdout, collection);
  return ms;
}

/** Throws where the plan is not one of fresh answers in which nothing is new. */
export function assertNothingNew(json: string, { recipes }: Collection): void {
  const { rows } = JSON.parse(json) as { rows: { reason: string; askedAt: string | null }[] };
  const fresh = rows.filter((row) => row.reason === "no-new-version" && row.askedAt !== null);
  if (fresh.length !== recipes.length)
    throw new Error(`${fresh.length} of ${recipes.length} were asked and have nothing new`);
}

function changeUpstreams({ upstreams, recipes }: Collection, count: number, round: number): void {
  for (const recipe of recipes.slice(0, count))
    createUpstream(join(upstreams, `${recipe}.git`)).commit({ README: `round ${round}\n` });
}

async function sync(collection: Collection, git: GitProcess): Promise<{ ms: number; fetches: number }> {
  const before = await git.fetches();
  const { ms } = await timeProgram(["--config", collection.configuration, "--quiet", "sweep", "--only-sync"]);
  return { ms, fetches: (await git.fetches()) - before };
}
