import { expect, it } from "vitest";
import { CAUSES, type Cause } from "../../src/core/cause/evidence.ts";
import type { Investigation } from "../../src/core/records/investigation.ts";
import { createWorld, labelsOf } from "../support/world.ts";
import { type SeededFault, seededFaults } from "./seeded-faults.ts";

/** `npm run confusion` plays them all; a test of CI a few that no other test has. */
const ALL = process.env.CONFUSION === "all";
const FEW = [
  "name-gone",
  "image-gone",
  "other-sentinel",
  "unmarked-ref-test",
  "upgrade-loses-data",
  "race-3",
];
/** So many recipes stand in one world: a sweep tests them one after the other. */
const IN_A_WORLD = 6;

const faults = seededFaults().filter(({ name }) => ALL || FEW.includes(name));
const worlds = Array.from({ length: Math.ceil(faults.length / IN_A_WORLD) }, (_, index) =>
  faults.slice(index * IN_A_WORLD, (index + 1) * IN_A_WORLD),
);
const found: { fault: SeededFault; cause: Cause }[] = [];

it.for(worlds.map((each) => [each.map(({ name }) => name).join(", "), each] as const))(
  "seeded faults: %s",
  { timeout: 1_200_000 },
  async ([, seeded]) => {
    const before = found.length;
    for await (const [fault, cause] of causesOf(seeded)) {
      found.push({ fault, cause });
      if (ALL) process.stdout.write(`${fault.name}: ${fault.cause} → ${cause}\n`);
    }
    const here = found.slice(before);
    expect(here.filter(({ fault, cause }) => fault.cause === "machinery" && cause === "recipe")).toEqual([]);
    expect(here.filter(({ fault, cause }) => fault.cause === "recipe" && cause.startsWith("flake"))).toEqual(
      [],
    );
    // What is seeded at random may look like something else, and then is unresolved at best.
    const certain = here.filter(({ fault }) => !fault.cause.startsWith("flake"));
    expect(certain.map(({ fault, cause }) => [fault.name, cause])).toEqual(
      certain.map(({ fault }) => [fault.name, fault.cause]),
    );
    if (here.length > 0 && ALL) process.stdout.write(table());
  },
);

async function* causesOf(seeded: readonly SeededFault[]): AsyncGenerator<[SeededFault, Cause]> {
  const world = createWorld({ investigate: { busyAbove: 1 }, breaker: { consecutiveMachinery: 100 } });
  const recipes = seeded.map((fault) => ({ fault, recipe: world.recipe(fault.name) }));
  for (const { fault, recipe } of recipes) {
    fault.begin?.(world, recipe);
    recipe.publish("1.0.0+1", fault.first);
  }
  const green = await world.json("sweep");
  expect(Object.values(labelsOf(green.document)), green.stderr).toEqual(
    seeded.map(() => "PASS (promoted 1.0.0+1)"),
  );
  for (const { fault, recipe } of recipes) {
    fault.between?.(world, recipe);
    recipe.publish("1.1.0+1", fault.second);
  }
  await world.json("sweep");
  for (const { fault, recipe } of recipes) {
    fault.afterwards?.(world, recipe);
    const { document } = await world.json<Investigation>("investigate", fault.name, "--load", "1");
    yield [fault, document.cause];
  }
}

function table(): string {
  const width = Math.max(...CAUSES.map((cause) => cause.length)) + 2;
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell) => cell.padEnd(width))
      .join("")
      .trimEnd()}\n`;
  const seeded = CAUSES.filter((cause) => found.some(({ fault }) => fault.cause === cause));
  const rows = seeded.map((cause) => [
    cause,
    ...CAUSES.map((called) => {
      const count = found.filter((each) => each.fault.cause === cause && each.cause === called).length;
      return count === 0 ? "." : String(count);
    }),
  ]);
  return ["\n", line(["seeded \\ found", ...CAUSES]), ...rows.map(line)].join("");
}
