import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createWorld, rowOf } from "../../support/world.ts";
import { report } from "../fault.ts";
import { CHEAP, useCheapRecipes } from "./cheap-recipe.ts";

const GIB = 1024 ** 3;

it("a canonical that takes the whole budget is named where others are not promoted; sparse files take none of it", async (context) => {
  const world = createWorld();
  useCheapRecipes(world);
  const hoarder = world.recipe("hoarder", { ...CHEAP, releases: ["1.0.0+1"] });
  const notes = world.recipe("notes", { ...CHEAP, releases: ["1.0.0+1"] });
  await world.json("sweep");
  const record = hoarder.record();
  const holding = (volume: object) =>
    writeFileSync(
      join(world.state, "canonical/hoarder/canonical.json"),
      JSON.stringify({ ...record, volumes: [volume] }),
    );

  notes.publish("1.1.0+1");
  holding({ name: "data", bytes: 60 * GIB, used: 60 * GIB });
  const full = rowOf((await world.json("run", "notes")).document, "notes");
  expect(full.label).toMatch(
    /^PASS-NOT-PROMOTED \(1\.1\.0\+1; disk: canonicals hold 60\.0 GiB \(hoarder 60\.0 GiB, notes /,
  );

  notes.publish("1.2.0+1");
  holding({ name: "data", bytes: 60 * GIB, used: 12 * 1024 });
  expect(rowOf((await world.json("run", "notes")).document, "notes").label).toMatch(
    /^PASS \(promoted 1\.2\.0\+1/,
  );
  report(context, {
    kind: "hostile input",
    name: "a canonical of 60 GiB, on disk or of holes",
    outcome: "who holds it is named; holes count as what they take",
    lost: [],
    touched: [],
  });
}, 400_000);
