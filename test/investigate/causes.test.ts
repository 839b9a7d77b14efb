import { expect, it } from "vitest";
import type { Investigation } from "../../src/core/investigation.ts";
import { createWorld } from "../support/world.ts";

it("recipe", async () => {
  const world = createWorld({ investigate: { busyAbove: 1 } });
  const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
  await world.json("sweep");
  notes.publish("1.1.0+1", 'echo "error: no such setting: greeting"; exit 1');
  await world.json("sweep");
  const end = await world.json<Investigation>("investigate", "notes");
  expect(end.document.cause).toBe("recipe");
});
