import { expect, it } from "vitest";
import { describeOnSwarm } from "../support/swarm.ts";
import { labelsOf, rowOf } from "../support/world.ts";
import { heldTests, killInPromotion } from "../sweep-swarm/killed.ts";
import { PLAIN_TESTS, withoutData } from "../sweep-swarm/notes-recipe.ts";
import { shortObjectsOf } from "../sweep-swarm/objects.ts";
import { detailsOf, worldForTest } from "../sweep-swarm/world.ts";

/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;

describeOnSwarm("incidents of whole sweeps through abra", () => {
  it(
    "a recipe with lightweight tags is tested as its users would meet it: red in abra's words",
    async () => {
      const world = await worldForTest("abra");
      const site = world.recipe("site", { tests: PLAIN_TESTS, quirk: { compose: withoutData } });
      site.publish("1.0.0+1", {}, { lightweight: true });
      const { document, exit } = await world.json("sweep");
      expect(labelsOf(document), detailsOf(document)).toEqual({
        site: "FAIL (red at install; canonical unchanged: none)",
      });
      expect(exit).toBe(3);
      expect(rowOf(document, "site").detail).toContain("only annotated tags used for recipe version");
      expect(site.upstream.git("cat-file", "-t", "refs/tags/1.0.0+1")).toBe("commit");
      expect(shortObjectsOf(world.domain)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "secret-residue: a seed that is killed in the middle leaves nothing, secrets included, once the next run has begun",
    async () => {
      const world = await worldForTest("abra");
      world.recipe("notes", { tests: heldTests(world), releases: ["1.0.0+1"] });
      await killInPromotion(world, "notes");
      expect(shortObjectsOf(world.domain)).toContain("secret warm-notes_db_password_v1");
      const { exit, stdout, stderr } = await world.call("clean");
      expect(exit, stderr).toBe(0);
      expect(stdout).toMatch(/notes: the seed of 1\.0\.0\+1 .* was rolled back from its step sentinel/);
      expect(shortObjectsOf(world.domain)).toEqual([]);
    },
    LIMIT_MS,
  );
});
