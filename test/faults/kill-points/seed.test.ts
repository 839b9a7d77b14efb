import { describe, it } from "vitest";
import { produceAll } from "./produce.ts";
import { failingSeed, recoveryOf, seed } from "./stories.ts";

const LIMIT_MS = 20 * 60_000;

describe("a seed that is killed leaves nothing behind, or is the canonical: secret-residue", {
  timeout: LIMIT_MS,
}, () => {
  it("where the kill comes at any point", async (context) => {
    await produceAll(context, await seed("idle"));
  });

  it("where the kill comes while it removes itself", async (context) => {
    await produceAll(context, await failingSeed());
  });

  it("where a second kill comes while the next run removes it", async (context) => {
    await produceAll(context, recoveryOf(await seed("idle"), "rename canonical/notes/kept/.env#1 after"));
  });
});
