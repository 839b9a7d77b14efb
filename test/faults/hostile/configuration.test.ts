import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, type TestContext } from "vitest";
import { createWorld, type World } from "../../support/world.ts";
import { report } from "../fault.ts";
import { guard, plantWitness } from "./guard.ts";

const SOUND = "canonical: true\n";
const bomb = Array.from({ length: 9 }, (_, level) => {
  const before = level === 0 ? '"x"' : `*a${level - 1}`;
  return `a${level}: &a${level} [${Array.from({ length: 10 }, () => before).join(", ")}]\n`;
}).join("");

/** A `recipe.yaml`, or a folder's name, that is a trap; what the fault must say of it. */
const TRAPS: readonly [string, string, string, RegExp][] = [
  [
    "aliases that multiply to a billion",
    "notes",
    `${bomb}canonical: *a8\n`,
    /recipe\.yaml:1:1.*uses of anchors/,
  ],
  ["10 MB", "notes", `${SOUND}# ${"x".repeat(10_000_000)}\n`, /recipe\.yaml:1:1.*at most 1048576/],
  [
    "100,000 brackets",
    "notes",
    `${SOUND}env: ${"[".repeat(100_000)}\n`,
    /recipe\.yaml:1:1.*at most 200 levels/,
  ],
  [
    "100,000 dashes",
    "notes",
    `${SOUND}tests:\n  ${"- ".repeat(100_000)}x\n`,
    /recipe\.yaml:1:1.*at most 200 levels/,
  ],
  ["a key `__proto__`", "notes", `${SOUND}__proto__: { upstream: /x }\n`, /__proto__/],
  [
    "keys `constructor` and `toString`",
    "notes",
    `${SOUND}constructor: 1\nenv: { toString: "x" }\n`,
    /constructor/,
  ],
  [
    "terminal codes in a value",
    "notes",
    `${SOUND}upstream: "\\e]0;owned\\a\\e[2J-x"\nwarm: "\\e[31m"\n`,
    /warm/,
  ],
  [
    "an upstream that is an option",
    "notes",
    `${SOUND}upstream: --upload-pack=touch\n`,
    /must not begin with '-'/,
  ],
  [
    "an upstream with a password over ssh",
    "notes",
    `${SOUND}upstream: ssh://git:canary-password@host/x\n`,
    /password/,
  ],
  [
    "an upstream with a token in its query",
    "notes",
    `${SOUND}upstream: "https://host/x?private_token=canary-password"\n`,
    /without a query/,
  ],
  ["a test path that climbs out", "notes", `${SOUND}health: { command: ../../../bin/true }\n`, /health/],
  [
    "a variable of 100 KB",
    "notes",
    `${SOUND}env: { A: "${"x".repeat(100_000)}" }\n`,
    /env\.A: .*at most 65536 bytes/,
  ],
  ["a variable with a NUL", "notes", `${SOUND}env: { A: "a\\0b" }\n`, /env\.A: .*without a NUL/],
  [
    "a permission of no such kind",
    "notes",
    `${SOUND}permissions: ["host-mount:x", "privileged"]\n`,
    /permissions/,
  ],
  ["a folder `--config`", "--config", SOUND, /the folder --config/],
  ["a folder with a line break and terminal codes", "a\nb\u001b[2J", SOUND, /lower-case letters/],
  ["a folder of look-alikes", "nоtes", SOUND, /lower-case letters/],
  ["a folder `__proto__`", "__proto__", SOUND, /lower-case letters/],
];

it.for(TRAPS)("recipe.yaml with %s is a fault of the configuration, at once", async (trap, context) => {
  const [name, folder, text, wanted] = trap;
  const world = createWorld();
  const damage = guard({ proven: [], foreign: [plantWitness(world.root)] });
  mkdirSync(join(world.configuration, "recipes", folder), { recursive: true });
  writeFileSync(join(world.configuration, "recipes", folder, "recipe.yaml"), text);
  await expectFault(world, wanted);
  reportTrap(context, `recipe.yaml with ${name}`, damage());
});

it("sweep.yaml as a trap is a fault of the configuration, at once", async (context) => {
  const world = createWorld();
  const damage = guard({ proven: [], foreign: [plantWitness(world.root)] });
  for (const [text, wanted] of [
    [`${bomb}domain: *a8\n`, /sweep\.yaml:1:1.*uses of anchors/],
    [`domain: ${"[".repeat(100_000)}\n`, /sweep\.yaml:1:1.*200 levels/],
    [`domain: x\n# ${"x".repeat(10_000_000)}`, /sweep\.yaml:1:1.*at most/],
  ] as const) {
    writeFileSync(join(world.configuration, "sweep.yaml"), text);
    await expectFault(world, wanted);
  }
  reportTrap(context, "sweep.yaml with aliases, with levels and with bytes without end", damage());
});

it("a byte order mark and line ends of Windows change nothing", async () => {
  const world = createWorld();
  mkdirSync(join(world.configuration, "recipes/notes"), { recursive: true });
  writeFileSync(
    join(world.configuration, "recipes/notes/recipe.yaml"),
    "\ufeffcanonical: false\r\nreason: |\r\n  later\r\n",
  );
  const { document } = await world.json<{ schema: number }>("plan", "--no-sync");
  expect(document.schema).toBe(1);
});

async function expectFault(world: World, wanted: RegExp): Promise<void> {
  const began = performance.now();
  const { exit, stderr, stdout } = await world.call("plan", "--no-sync");
  expect(performance.now() - began).toBeLessThan(30_000);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr).toMatch(wanted);
  expect(stderr).not.toMatch(/[^\P{C}\n]|canary-password/u);
  expect(stderr.length).toBeLessThan(5_000);
}

function reportTrap(context: TestContext, name: string, damage: { lost: string[]; touched: string[] }): void {
  const outcome = "exit 2, names file, place and what is allowed; at once";
  report(context, { kind: "hostile input", name, outcome, ...damage });
}
