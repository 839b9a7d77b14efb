import { describe, it } from "vitest";
import { turningPoints } from "./events.ts";
import { produceAll } from "./produce.ts";
import { advance, failingAdvance, recoveryOf, seedOverRevoked } from "./stories.ts";

const LIMIT_MS = 20 * 60_000;

describe("a promotion over an idle canonical ends after a kill as the old canonical or as the new one", {
  timeout: LIMIT_MS,
}, () => {
  it("where the kill comes at any point of an advance", async (context) => {
    await produceAll(context, { ...(await advance("idle")), grain: "fine" });
  });

  it("where the kill comes while it rolls itself back: promote-failed-called-pass", async (context) => {
    await produceAll(context, await failingAdvance("idle"));
  });

  it("where a second kill comes while the next run rolls it back", async (context) => {
    await produceAll(context, recoveryOf(await advance("idle"), "end verify#1 after"));
  });

  it("where the kill comes at any point of a seed over a revoked canonical", async (context) => {
    await produceAll(context, { ...(await seedOverRevoked()), isTelling: turningPoints });
  });
});
