import { dirname } from "node:path";
import { expect, it } from "vitest";
import { DOCKER } from "../../../support/images.ts";
import { describeOnSwarm } from "../../../support/swarm.ts";
import { detailsOf, worldForTest } from "../../../sweep-swarm/world.ts";

const NAMES = [
  'sp ace/it\'s/say "hi",and more/`id`;c&d|e',
  "co:lon/ünïcödé 🦊/#hash/$HOME/back\\slash/100%s %41/-dash/[x]*?/trailing ",
];

/** A sweep in all tiers beside whatever else the machine does. */
const LIMIT = { timeout: 600_000 };

describeOnSwarm("names of folders on a swarm", () => {
  it.each(NAMES)("%j: a good recipe is swept, in all tiers, and promoted", LIMIT, async (below) => {
    const world = await worldForTest("swarm", {}, below);
    world.configure({ path: [dirname(DOCKER)] });
    const recipe = world.recipe("app", { releases: ["1.0.0+1", "1.1.0+1"] });
    const { document } = await world.json("sweep");
    expect(document.recipes[0]?.label, detailsOf(document)).toBe("PASS (promoted 1.1.0+1)");
    const tiers = document.recipes[0]?.tiers.map(({ tier, status }) => `${tier} ${status}`);
    expect(tiers).toEqual(
      ["install", "upgrade", "backup", "restore", "custom"].map((tier) => `${tier} passed`),
    );
    expect(recipe.record()).toMatchObject({ version: "1.1.0+1", sentinel: "planted" });
    expect((await world.call("audit")).exit).toBe(0);
  });
});
