import { execFileSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BOUNDS } from "../../../src/core/bounds.ts";
import type { Report } from "../../../src/core/records/report.ts";
import { startProgram } from "../../support/program.ts";
import { script } from "../../support/sample-app.ts";
import { createWorld, labelsOf, type RecipeSetup, rowOf, type SampleRecipe } from "../../support/world.ts";
import { report } from "../fault.ts";
import { CHEAP, useCheapRecipes } from "./cheap-recipe.ts";
import { guard, plantWitness } from "./guard.ts";

/** A recipe that wants more than it may have: its label, and what its row says of it. */
interface Greedy {
  name: string;
  setup?: RecipeSetup;
  make?(recipe: SampleRecipe): void;
  label: RegExp;
  detail?: RegExp;
  warning?: RegExp;
}

const GREEN = /^PASS \(promoted 1\.0\.0\+1/;
const RED = /^FAIL \(red at custom; canonical unchanged: none\)$/;
const MIB = 1024 * 1024;

const testing = (...lines: string[]): RecipeSetup => ({
  files: { ...CHEAP.files, "tests/custom/greedy": script(...lines) },
});
const commanding = (commands: Record<string, string>): RecipeSetup => ({
  commands: { ...CHEAP.commands, ...commands },
});
/** So many thousand times the text, without a line break but those that are in it. */
const print = (text: string, thousands: number) => `perl -e 'print qq{${text}} x 1000 for 1..${thousands}'`;
const junit = (body: string) => `{ printf '<a>'; ${body}; printf '</a>'; } >"$SWEEP_JUNIT"`;
const packTags = ({ upstream }: SampleRecipe, names: readonly string[]) => {
  const commit = upstream.commit({ version: "1" });
  const lines = names
    .map((name) => `${commit} refs/tags/${name}\n`)
    .sort((a, b) => (a.slice(41) < b.slice(41) ? -1 : 1));
  writeFileSync(join(upstream.folder, "packed-refs"), `# pack-refs with: sorted \n${lines.join("")}`);
};

const GREEDY: Record<string, Greedy> = {
  tags: {
    name: "an upstream of 20,001 tags",
    make: (recipe) =>
      packTags(recipe, ["1.0.0+1", ...Array.from({ length: 20_000 }, (_, index) => `t${index}`)]),
    label: /^BLOCKED \(sync-failed/,
    detail: /upstream has 20001 tags; at most 10000 are mirrored/,
  },
  "tag-name": {
    name: "an upstream with a tag of 401 bytes",
    make: (recipe) => packTags(recipe, ["1.0.0+1", `${"a/".repeat(200)}b`]),
    label: /^BLOCKED \(sync-failed/,
    detail: /a tag of 401 bytes, .*; at most 255 are mirrored/,
  },
  endless: {
    name: "a test that prints 200 MB without a line break",
    setup: testing(print("x", 200_000), "exit 1"),
    label: RED,
  },
  escapes: {
    name: "a test that prints 8 MB of terminal codes that have no end",
    setup: testing(print("\\x1b]", 2_000), "exit 1"),
    label: RED,
  },
  many: {
    name: "twenty tests that print 8 MB each",
    setup: {
      files: {
        ...CHEAP.files,
        ...Object.fromEntries(
          Array.from({ length: 20 }, (_, index) => [
            `tests/custom/t${index}`,
            script(print("a line of a test\\n", 500)),
          ]),
        ),
      },
    },
    label: GREEN,
  },
  deploy: {
    name: "a deploy that prints 100 MB of short lines, and then fails",
    setup: commanding({ deploy: `${print("error: again\\n", 8_000)}; exit 1` }),
    label: /^FAIL \(red at install/,
  },
  logs: {
    name: "an app whose log has 100 MB",
    setup: commanding({ logs: print("a line of the app\\n", 6_000) }),
    label: GREEN,
  },
  answers: {
    name: "a version of 100 MB",
    setup: commanding({ version: print("1\\n", 50_000) }),
    label: /^(PASS-NOT-PROMOTED|FAIL|BLOCKED) /,
  },
  junit: {
    name: "a JUnit file of 2 MB",
    setup: testing(junit(print("<b/>", 500))),
    label: GREEN,
    warning: /longer than 1048576 bytes/,
  },
  "junit-cases": {
    name: "a JUnit file of 10,000 failures",
    setup: testing(junit(print('<testcase name="x"><failure message="y"/></testcase>', 10))),
    label: RED,
    detail: /JUnit file has failures: x: y; x: y/,
  },
  "junit-deep": {
    name: "a JUnit file of 10,000 elements in each other",
    setup: testing(`{ ${print("<b>", 10)}; ${print("</b>", 10)}; } >"$SWEEP_JUNIT"`),
    label: GREEN,
    warning: /JUnit file cannot be read/,
  },
  "junit-comments": {
    name: "a JUnit file of 250,000 comments that never end",
    setup: testing(`{ printf '<a b="'; ${print("<!--", 250)}; printf '"/>'; } >"$SWEEP_JUNIT"`),
    label: GREEN,
  },
  forks: {
    name: "a test that leaves 300 processes, half of them in sessions of their own",
    setup: testing("for i in $(seq 150); do sleep 1000 & setsid sleep 1000 & done"),
    label: GREEN,
  },
  secret: {
    name: "a secret of 60 KB that 8 MB of output almost are, and one that is a word of every report",
    setup: {
      ...testing(print("aaaaaaaa", 1_000), "exit 1"),
      settings: {
        ...CHEAP.settings,
        env: { A_PASSWORD: `b${"a".repeat(60_000)}`, B_PASSWORD: "failed", C_PASSWORD: "red at" },
      },
    },
    label: RED,
  },
};

/** What the program may have for itself. A greedy recipe takes a gigabyte where it is let. */
const HEAP_MIB = 256;

it("greedy recipes get their own rows, within bounds, and the good one behind them is promoted", async (context) => {
  const world = createWorld();
  useCheapRecipes(world);
  for (const [key, { make, setup }] of Object.entries(GREEDY)) {
    const recipe = world.recipe(key, { ...CHEAP, ...setup });
    if (make === undefined) recipe.publish("1.0.0+1");
    else make(recipe);
  }
  world.recipe("zz-good", { ...CHEAP, releases: ["1.0.0+1"] });
  const damage = guard({
    proven: [],
    foreign: [plantWitness(world.root), join(world.configuration, "recipes")],
  });
  const { end } = startProgram(["--config", world.configuration, "--json", "sweep"], {
    env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` },
  });
  const { exit, stderr, stdout } = await end;
  expect(exit, stderr).toBe(3);
  const document = JSON.parse(stdout) as Report;
  const labels = labelsOf(document);
  const wrong = Object.entries(GREEDY).filter(([key, { label }]) => !label.test(labels[key] ?? ""));
  expect(wrong.map(([key]) => `${key}: ${labels[key]}: ${rowOf(document, key).detail}`)).toEqual([]);
  expect(labels["zz-good"]).toMatch(GREEN);
  for (const [key, { detail, warning }] of Object.entries(GREEDY)) {
    const row = rowOf(document, key);
    if (detail !== undefined) expect(row.detail, key).toMatch(detail);
    if (warning !== undefined) expect(row.warnings?.join("\n"), key).toMatch(warning);
    expect(
      row.tiers.every(({ status }) => status !== ("***" as string)),
      key,
    ).toBe(true);
  }
  for (const key of Object.keys(GREEDY))
    expectWithinBudget(join(world.state, "runs", document.run, key), key);
  expect(world.processes()).toEqual([]);
  const { lost, touched } = damage();
  for (const [key, { name }] of Object.entries(GREEDY))
    report(context, {
      kind: "hostile input",
      name,
      outcome: `${labels[key]}; its evidence is within bounds`,
      lost,
      touched,
    });
}, 600_000);

function expectWithinBudget(folder: string, key: string): void {
  const sizes = Object.fromEntries(
    filesBelow(folder).map((path) => [path.slice(folder.length), statSync(path).size]),
  );
  const slack = 64 * 1024;
  for (const [path, bytes] of Object.entries(sizes)) {
    const most = path.endsWith("/app.log") ? 2 * BOUNDS.serviceLogCharacters : BOUNDS.stepLogBytes;
    expect(bytes, `${key}${path}`).toBeLessThan(most + slack);
  }
  const total = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  expect(total, key).toBeLessThan(BOUNDS.stepLogsBytes + BOUNDS.serviceLogsCharacters + 4 * MIB);
}

function filesBelow(folder: string): string[] {
  const listed = execFileSync("find", [folder, "-type", "f"], { encoding: "utf8" });
  return listed.split("\n").filter((path) => path !== "" && readdirSync(folder).length > 0);
}
