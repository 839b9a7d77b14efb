import { beforeAll, expect, it } from "vitest";
import { readTags } from "../../src/core/release-tag.ts";
import { describeOnSwarm } from "../support/swarm.ts";
import { RECIPES, recipesNamed } from "./all-recipes.ts";
import { EXPECTED } from "./expected.ts";
import { runZoo, type ZooRow } from "./run-zoo.ts";
import { compare } from "./verdict.ts";

/** The quickest that tell most; `npm run zoo` sweeps all of them, and investigates the reds. */
const FEW = ["postgres", "no-restore-hook", "stale-test", "undefined-service", "missing-tool"];
/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;

it("the table of the zoo has a row for each of twenty recipes and a live provider", () => {
  expect(RECIPES.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
  expect(RECIPES).toHaveLength(21);
  expect(RECIPES.filter(({ settings }) => settings?.warm === "live").map(({ name }) => name)).toEqual([
    "login",
  ]);
});

it("every recipe of the zoo has a history: several tags, of which the newest is a release", () => {
  const histories = RECIPES.map(({ releases, later }) =>
    [...releases, ...(later?.releases ?? [])].map(({ version }) => version),
  );
  for (const history of histories) {
    expect(history.length, history.join(" ")).toBeGreaterThan(1);
    const { releases } = readTags(history.map((name) => ({ name, object: name, commit: name })));
    expect(releases.at(-1)?.name).toBe(history.at(-1));
  }
});

describeOnSwarm("a representative few of the zoo, with real software", () => {
  let rows: ZooRow[];

  beforeAll(async () => {
    const said: string[] = [];
    const options = {
      load: false,
      investigate: false,
      keep: false,
      say: (line: string) => void said.push(line),
    };
    rows = await runZoo(recipesNamed(FEW), options).catch((error: unknown) => {
      throw new Error(`the zoo could not run:\n${said.join("\n")}`, { cause: error });
    });
  }, LIMIT_MS);

  it.each(FEW)("%s: has the label and the lint findings of the table in both weeks", (name) => {
    const row = rows.find(({ recipe }) => recipe === name);
    if (row === undefined) throw new Error(`there is no row for ${name}`);
    const wrong = compare(row, false).filter(({ asExpected }) => !asExpected);
    expect(wrong, row.detail).toEqual([]);
  });
});
