import { describe, it } from "vitest";
import { turningPoints } from "./events.ts";
import { produceAll } from "./produce.ts";
import { advance, failingAdvance, recoveryOf, seed } from "./stories.ts";

const LIMIT_MS = 20 * 60_000;

describe("a promotion of a live canonical ends after a kill with the old version or the new one up and healthy", {
  timeout: LIMIT_MS,
}, () => {
  it("where the kill comes at any point of an advance", async (context) => {
    await produceAll(context, { ...(await advance("live")), isTelling: turningPoints });
  });

  it("where the kill comes while it rolls itself back", async (context) => {
    await produceAll(context, { ...(await failingAdvance("live")), isTelling: turningPoints });
  });

  it("where a second kill comes while the next run rolls it back", async (context) => {
    await produceAll(context, recoveryOf(await advance("live"), "end verify#1 after"));
  });

  it("where the kill comes at any point of a seed", async (context) => {
    await produceAll(context, { ...(await seed("live")), isTelling: turningPoints });
  });
});
