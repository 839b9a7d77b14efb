import { describe, it } from "vitest";
import { produceAll } from "./produce.ts";
import { failingSeed, recoveryOf, seed } from "./stories.ts";

const LIMIT_MS = 20 * 60_000;

describe("a seed that is killed leaves nothing behind, or is the canonical: secret-residue", {
  timeout: LIMIT_MS,
}, () => {
  it("killed at any point", async (context) => {
    await produceAll(context, await seed("idle"));
  });

  it("killed while it takes itself away", async (context) => {
    await produceAll(context, await failingSeed());
  });

  it("killed again while the next run takes it away", async (context) => {
    await produceAll(context, recoveryOf(await seed("idle"), "rename canonical/notes/kept/.env#1 after"));
  });
});
