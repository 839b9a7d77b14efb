import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "vitest";
import { docker } from "../../support/swarm.ts";
import { differences, startWitness, type Witness } from "../../sweep-swarm/objects.ts";
import { openWorld, type SwarmWorld } from "../../sweep-swarm/world.ts";
import type { SwarmRecipe } from "../../sweep-swarm/world-recipe.ts";
import type { Fault } from "../kinds.ts";
import type { KeptRecipe } from "./kept-recipe.ts";
import { type Ask, contentOf, residueOf, type Standing, standingOf } from "./standing.ts";

/** A recipe whose promotions are disturbed one after the other, each from where the last one ended. */
export interface Story {
  world: SwarmWorld;
  witness: Witness;
  recipe: KeptRecipe;
  /** Asks the daemon of its lane. */
  ask: Ask;
  /** The versions that were recorded. */
  proven: string[];
  /** Published, and not yet recorded. */
  next: string;
}

export type End = Omit<Fault, "kind" | "name">;

/** Opens a world beside something of the operator's own, with the first release published. */
export async function openStory(
  makeRecipe: (world: SwarmWorld) => KeptRecipe,
  ask: Ask = docker,
): Promise<Story> {
  const world = await openWorld();
  const witness = await startWitness(`witness_${world.domain.replaceAll(".", "_")}_word`);
  const recipe = makeRecipe(world);
  return { world, witness, recipe, ask, proven: [], next: recipe.publishNext([]) };
}

/** What stands before a disturbance, with a release published that is not yet proven. */
export async function begin(story: Story): Promise<Standing> {
  const { recipe, proven } = story;
  if (recipe.record()?.version === story.next) {
    proven.push(story.next);
    story.next = recipe.publishNext(proven);
  }
  return standing(story);
}

/** The next start: it puts right what the dead run left, and nothing of that is there afterwards. */
export async function startNext(story: Story): Promise<{ removed: string }> {
  const { world, recipe, ask } = story;
  const { document, exit, stderr } = await world.json<{ removed: string[] }>("clean");
  expect(exit, stderr).toBe(0);
  expect(residueOf(world, recipe, await standing(story), ask)).toEqual([]);
  return { removed: document.removed.join("\n") };
}

/** What of the old canonical is no longer as it was; what is new beside it is residue. */
export async function endOfOld(story: Story, before: Standing): Promise<End> {
  const after = await standing(story);
  expect(Object.keys(after).filter((name) => !(name in before))).toEqual([]);
  const nothing = Object.keys(before).length === 0;
  return {
    outcome: nothing ? "rolled back, nothing left of it" : "rolled back, old record and data",
    lost: differences(before, after),
    touched: story.witness.changes(),
  };
}

/** What of the new canonical is not there, or not of the new release; the old one's data must stand in it. */
export async function endOfNew(story: Story, before: Standing): Promise<End> {
  const { recipe, proven, next } = story;
  const after = await standing(story);
  const record = recipe.record();
  const data = after[`volume ${recipe.stack}_data`] ?? "";
  const lost = [
    ...(record?.version === next ? [] : [`the record of ${next}`]),
    ...(record?.volumes ?? []).map(({ name }) => `volume ${name}`).filter((name) => !(name in after)),
    ...(record?.secrets ?? []).map((name) => `secret ${name}`).filter((name) => !(name in after)),
    ...Object.keys(before).filter(
      (name) => !(name in after) || (name.startsWith("secret ") && before[name] !== after[name]),
    ),
    ...(data.includes(contentOf([...proven, next])) ? [] : ["what each release wrote"]),
    ...(data.includes(contentOf(["the sentinel"])) ? [] : ["the sentinel"]),
    ...(after.answer === undefined || after.answer === next ? [] : [`the running ${next}`]),
  ];
  return { outcome: "the new record and data", lost, touched: story.witness.changes() };
}

/** All that a canonical is; a live one answers, too. */
async function standing({ world, recipe, ask }: Story): Promise<Standing> {
  const files = standingOf(world, recipe, ask);
  return recipe.record()?.status === "live" ? { ...files, answer: await answerOf(world, recipe) } : files;
}

async function answerOf({ edge }: SwarmWorld, { domain }: SwarmRecipe): Promise<string> {
  const args = ["--silent", "--header", `Host: ${domain}`, `http://${edge.address}/`];
  return (await promisify(execFile)("/usr/bin/curl", args)).stdout;
}
