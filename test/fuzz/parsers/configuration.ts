import assert from "node:assert/strict";
import type { Problem } from "../../../src/config/configuration-fault.ts";
import type { LoadedRecipe, LoadedSweep } from "../../../src/config/loaded.ts";
import { recipeProblems } from "../../../src/config/recipe-problems.ts";
import { RecipeFile } from "../../../src/config/recipe-schema.ts";
import { relationProblems } from "../../../src/config/relation-problems.ts";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { SweepFile } from "../../../src/config/schema.ts";
import { checkAgainst } from "../../../src/config/schema-problems.ts";
import { sweepProblems } from "../../../src/config/sweep-problems.ts";
import { parseYamlFile } from "../../../src/config/yaml-file.ts";
import { SOUND_SWEEP } from "../../support/configuration.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

/** What no timer can wait for would end everything at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The reader of YAML takes the square of the depth: a few seconds for 100 kB of `[`. */
const LONGEST_YAML = 8000;

const WHOLE_SWEEP = `domain: ci.example.org
state: ./state
schedule: "0 3 * * 0"
timezone: Europe/Berlin
driver: swarm
upstream: "https://git.example.org/{recipe}.git"
mirror: { url: "git@x:{recipe}.git", forge: { kind: gitea, url: https://x.org, tokenFile: token } }
edge: { address: 127.0.0.1, port: 8080, scheme: http }
lanes: [{ name: main }, { name: two, edge: { port: 1 } }]
floor: { enrolled: 2 }
timeouts: { deploy: 1h30m, git: 60s }
disk: { minFree: 1MiB }
tools: [{ name: python3, atLeast: "3.11" }]
environment: { X: "1" }
notify: [{ webhook: https://x.org/t, on: always }]
`;
const SHORT_RECIPE = "canonical: true\nwarm: live\nbroken: { 3.0.0+v2: gone }\n";
const WHOLE_RECIPE = `canonical: true
health: { path: /login, status: [200, 302], service: web }
env: { GITEA_DOMAIN: "{domain}" }
timeouts: { deploy: 5m }
tests:
  upgrade/image.sh: { reason: asserts the image }
broken: { "3.0.0+v2.0.0": "its image is gone" }
permissions: [docker-socket, "host-mount:/srv"]
commands: { deploy: ./deploy, undeploy: ./undeploy }
`;
const YAML_PIECES = [
  "&a ",
  "*a",
  "<<: *a\n",
  "!!set ",
  "!!binary x",
  "? ",
  "- ",
  ": ",
  "|\n  x",
  ">\n",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "~",
  "[]",
  "{}",
  "x: 1\n",
  "a: ",
  ", ",
];

const SWEEP_GRAMMAR = {
  samples: [SOUND_SWEEP, WHOLE_SWEEP, `${SOUND_SWEEP}timeouts: { sweep: 30d, deploy: 9s }\n`],
  pieces: [
    ...YAML_PIECES,
    "domain: ",
    "timeouts: ",
    "99999999d",
    "1.5h",
    "0s",
    "{recipe}",
    "lanes: ",
    "5GiB",
    "environment: { PATH: x }\n",
  ],
};
const RECIPE_GRAMMAR = {
  samples: [SHORT_RECIPE, WHOLE_RECIPE, "canonical: false\nreason: retired\n"],
  pieces: [
    ...YAML_PIECES,
    "requires: [{ recipe: a, mode: live }]\n",
    "tcp: 80",
    "command: x",
    "{domain}",
    "only: ref",
    "versions: '>=1'",
    "tests: ",
  ],
};

export const SWEEP_YAML: FuzzedParser = {
  name: "sweep.yaml",
  inputs: shortInputs(SWEEP_GRAMMAR),
  long: longInputs(SWEEP_GRAMMAR, LONGEST_YAML),
  accepts: (text) => {
    const sweep = readSweep(text);
    const problems = [...sweep.problems, ...sweepProblems(sweep)];
    assertProblems("sweep.yaml", problems, sweep.value);
    if (problems.length > 0 || sweep.value === null) return false;
    const config = resolveConfig("/nonexistent", sweep.value, filesOf(sweep, []), undefined);
    for (const limit of Object.values(config.timeouts))
      assert.ok(limit > 0 && limit <= LONGEST_TIMER_MS, `${limit} ms`);
    for (const size of Object.values(config.disk)) assert.ok(Number.isSafeInteger(size), `${size} bytes`);
    assert.deepEqual(readSweep(JSON.stringify(sweep.value)).value, sweep.value);
    return true;
  },
};

const SWEEP = readSweep(SOUND_SWEEP);

export const RECIPE_YAML: FuzzedParser = {
  name: "recipe.yaml",
  inputs: shortInputs(RECIPE_GRAMMAR),
  long: longInputs(RECIPE_GRAMMAR, LONGEST_YAML),
  accepts: (text) => {
    const recipe = readRecipe(text);
    const files = filesOf(SWEEP, [recipe]);
    const problems = [...recipe.problems, ...recipeProblems(recipe, SWEEP), ...relationProblems(files)];
    assertProblems("recipe.yaml", problems, recipe.value);
    if (problems.length > 0 || recipe.value === null || SWEEP.value === null) return false;
    const [resolved] = resolveConfig("/nonexistent", SWEEP.value, files, undefined).recipes;
    assert.equal(resolved?.enrolled, recipe.value.canonical);
    assert.equal(resolved?.reason === null, recipe.value.canonical);
    assert.deepEqual(readRecipe(JSON.stringify(recipe.value)).value, recipe.value);
    return true;
  },
};

function readSweep(text: string): LoadedSweep {
  const yaml = parseYamlFile("sweep.yaml", text);
  return { yaml, ...checkAgainst(SweepFile, yaml) };
}

function readRecipe(text: string): LoadedRecipe {
  const yaml = parseYamlFile("recipe.yaml", text);
  return { name: "notes", folder: "/nonexistent", yaml, ...checkAgainst(RecipeFile, yaml) };
}

function filesOf(sweep: LoadedSweep, recipes: readonly LoadedRecipe[]) {
  return { sweep, recipes, withoutFile: [], knownCauses: [], hasRecipeFolder: true };
}

/** A file without a value has a fault, and every fault says where it stands, what is there and what is allowed. */
function assertProblems(file: string, problems: readonly Problem[], value: unknown): void {
  assert.equal(value === null && problems.length === 0, false, "refused without a word");
  for (const problem of problems) {
    assert.equal(problem.file, file);
    assert.ok(problem.line >= 1 && problem.column >= 1, `line ${problem.line}, column ${problem.column}`);
    assert.ok(problem.found !== "" && problem.allowed !== "", "a fault that says nothing");
  }
}
