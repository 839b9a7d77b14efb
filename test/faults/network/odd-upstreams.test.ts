import { expect, it, onTestFinished } from "vitest";
import { startGitServer } from "../../support/git-server.ts";
import { createWorld, rowOf, type SampleRecipe } from "../../support/world.ts";
import { copySeeded } from "../copy-seeded.ts";
import { report } from "../fault.ts";
import { possessionsOf } from "../possessions.ts";

it("an odd upstream that answers is no failure: its releases are tested", async (context) => {
  const world = createWorld();
  const server = await startGitServer(world.upstreams);
  onTestFinished(() => server.close());
  world.configure({ upstream: `${server.url}/{recipe}` });
  const seeded = world.recipe("seeded", { releases: ["1.0.0+1"] });
  await world.json("sweep");
  seeded.publish("1.1.0+1");
  const recipes = copySeeded(world, seeded, { old: {}, moves: {}, tagless: {}, renamed: {} });
  server.trouble("old", { kind: "old" });
  server.trouble("renamed", { kind: "redirect", to: server.urlOf("seeded") });
  for (const tag of ["1.0.0+1", "1.1.0+1"]) recipes.tagless?.upstream.deleteTag(tag);
  server.before = ({ repository, act }) => {
    if (repository === "moves" && act === "list" && server.count("list", "moves") === 2)
      recipes.moves?.publish("1.2.0+1");
  };
  const before = possessionsOf(world);

  const { document } = await world.json("sweep");

  const expected = [
    ["old", "speaks only git's protocol 0", "PASS (promoted 1.1.0+1)", ""],
    ["moves", "gets a release between the question and the fetch", "PASS (promoted 1.2.0+1)", ""],
    ["tagless", "has no tags any more, and says so", "SKIP no-new-version", "upstream went back"],
    ["renamed", "redirects to another repository of the same host", "PASS (promoted 1.1.0+1)", ""],
  ] as const;
  for (const [name, what, label, told] of expected) {
    const row = rowOf(document, name);
    expect({ name, label: row.label }, row.detail).toEqual({ name, label });
    expect(row.detail).toContain(told);
    const skipped = label.startsWith("SKIP");
    report(context, {
      kind: "network fault",
      name: `an upstream ${what}`,
      outcome: skipped ? `${label}; ${row.detail}` : label,
      lost: skipped ? before.lost(name) : sentinelLost(recipes[name]),
      touched: before.touched().filter((path) => !path.startsWith("upstreams/moves/")),
    });
  }
  expect(rowOf(document, "renamed").warnings?.join()).toContain("redirects to");
});

function sentinelLost(recipe: SampleRecipe | undefined): string[] {
  const found = recipe?.notes()?.includes(`the sentinel of ${recipe.name}`) ?? false;
  return found ? [] : [`the data of ${recipe?.name}`];
}
