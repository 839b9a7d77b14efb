import { afterAll, beforeAll, expect, it } from "vitest";
import { describeOnSwarm } from "../../support/swarm.ts";
import { report } from "../fault.ts";
import { keptRecipe } from "./kept-recipe.ts";
import { type KillPoint, killPointsOf, type Promotion, ROLLBACK_POINTS } from "./kill-points.ts";
import { killAt } from "./stopped-program.ts";
import { begin, endOfNew, endOfOld, openStory, type Story, startNext } from "./story.ts";

const LIMIT_MS = 900_000;

for (const warm of ["idle", "live"] as const) {
  describeOnSwarm(`a promotion on a swarm that is killed, ${warm}`, () => {
    let story: Story;
    beforeAll(async () => {
      story = await openStory((world) => keptRecipe(world, "notes", warm));
    }, LIMIT_MS);
    afterAll(() => story.world.close(), LIMIT_MS);

    const produceAll = (promotion: Promotion, ends: "old" | "new") =>
      it.for(killPointsOf(promotion, ends))(
        `${promotion}: $name`,
        { timeout: LIMIT_MS },
        async (point, context) => {
          const before = await begin(story);
          await killAt(story.world, story.recipe, point, "run", "notes");
          const { removed } = await startNext(story);
          if (point.step !== null && ends === "old")
            expect(removed).toMatch(
              new RegExp(
                `notes: the ${promotion.replace(/,.*/, "")} of .* was rolled back from its step ${point.step}$`,
                "m",
              ),
            );
          const end = ends === "old" ? await endOfOld(story, before) : await endOfNew(story, before);
          report(context, { ...end, kind: "kill point", name: `${promotion}, on a swarm: ${point.name}` });
        },
      );
    produceAll(`seed, ${warm}`, "old");
    produceAll(`seed, ${warm}`, "new");
    produceAll(`advance, ${warm}`, "old");
    if (warm === "idle")
      it("is rolled back in the end: an idle advance, killed again and again", {
        timeout: LIMIT_MS,
      }, async (context) => {
        const before = await begin(story);
        await killAt(story.world, story.recipe, SPOILT, "run", "notes");
        for (const point of ROLLBACK_POINTS) await killAt(story.world, story.recipe, point, "clean");
        await startNext(story);
        const end = await endOfOld(story, before);
        for (const { name } of ROLLBACK_POINTS)
          report(context, { ...end, kind: "kill point", name: `rollback, idle, on a swarm: ${name}` });
      });
    produceAll(`advance, ${warm}`, "new");
  });
}

/** The sentinel was found on the new release, whose start has changed the data. */
const SPOILT: Pick<KillPoint, "name" | "at"> = {
  name: "the data is spoilt",
  at: ({ name }) => ({ when: "after", act: "replace", what: `canonical/${name}/kept/secrets.json` }),
};
