import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cause } from "../../src/core/cause/evidence.ts";
import { randomOf } from "../support/random.ts";
import { script, test } from "../support/sample-app.ts";
import type { RecipeSetup, SampleRecipe, World } from "../support/world.ts";

/** A fault that is put into a recipe whose release 1.0.0+1 was promoted, so that 1.1.0+1 is red. */
export interface SeededFault {
  name: string;
  cause: Exclude<Cause, "unresolved">;
  /** Before the first release. */
  begin?: (world: World, recipe: SampleRecipe) => void;
  /** What the first release does differently. */
  first?: string;
  /** Before the second release. */
  between?: (world: World, recipe: SampleRecipe) => void;
  /** What the second release does differently. */
  second?: string;
  /** Once it is red. */
  afterwards?: (world: World, recipe: SampleRecipe) => void;
}

const SEEDS = 20;

/** At least five faults of each cause, and twenty seeds of each kind of flake. */
export function seededFaults(): SeededFault[] {
  return [...RECIPE, ...TEST, ...MACHINERY, ...outside(), ...seeds(loadFlake), ...seeds(timingFlake)];
}

const says = (words: string) => `echo "${words}" >&2; exit 1`;

const RECIPE: SeededFault[] = [
  { name: "undefined-service", cause: "recipe", second: says("service app refers to undefined service db") },
  { name: "crash-at-start", cause: "recipe", second: says("panic: runtime error: invalid memory address") },
  { name: "wrong-version", cause: "recipe", second: 'echo 0.0.0 >"$SWEEP_CHECKOUT/version"' },
  {
    name: "upgrade-loses-data",
    cause: "recipe",
    second: '[ -z "$SWEEP_BASE_VERSION" ] || rm -f "$SWEEP_DATA/notes.txt"',
  },
  {
    name: "fails-on-kept-data",
    cause: "recipe",
    first: '[ "$SWEEP_INSTANCE" = cold ] || touch "$SWEEP_DATA/app.conf"',
    second: `[ ! -e "$SWEEP_DATA/app.conf" ] || { ${says("FATA cannot write app.conf: read-only")}; }`,
  },
];

const change = (setup: RecipeSetup) => (_: World, recipe: SampleRecipe) => recipe.change(setup);
const files = (paths: Record<string, string>) => change({ files: paths });

const TEST: SeededFault[] = [
  {
    name: "of-pull-request",
    cause: "test",
    between: files({
      "tests/custom/login": test('[ "$(ask GET /)" = login ] || { echo "error: no new login"; exit 1; }'),
    }),
  },
  {
    name: "wrong-number",
    cause: "test",
    between: files({ "tests/install/users": script('echo "error: expected 3 users, found 0"; exit 1') }),
  },
  {
    name: "changed-assertion",
    cause: "test",
    between: files({
      "tests/install/says-its-version": test(
        'found=$(ask GET /); [ "$found" = "notes $SWEEP_VERSION" ] || { echo "error: expected notes, found $found"; exit 1; }',
      ),
    }),
  },
  {
    name: "other-sentinel",
    cause: "test",
    between: files({
      "tests/data/verify": test(
        '[[ $(ask GET /notes) == *"a sentinel of old"* ]] || { echo "error: no sentinel"; exit 1; }',
      ),
    }),
  },
  {
    name: "unmarked-ref-test",
    cause: "test",
    begin: change({
      settings: { tests: { "custom/image": { only: "ref", reason: "of an open pull request" } } },
      files: { "tests/custom/image": script('echo "error: not the official image"; exit 1') },
    }),
    between: change({ settings: { tests: {} } }),
  },
];

const MACHINERY: SeededFault[] = [
  {
    name: "no-tool",
    cause: "machinery",
    between: files({ "tests/custom/search": script("sample-probe --all") }),
  },
  {
    name: "no-interpreter",
    cause: "machinery",
    between: files({ "tests/custom/api": "#!/usr/bin/env sample-python\nprint()\n" }),
  },
  { name: "no-deployer", cause: "machinery", between: files({ "before-deploy.sh": "sample-deployer up\n" }) },
  {
    name: "no-health-probe",
    cause: "machinery",
    between: change({
      settings: { health: { command: "tests/health" } },
      files: { "tests/health": script("sample-health") },
    }),
  },
  {
    name: "no-tool-below-timeout",
    cause: "machinery",
    between: files({ "tests/custom/slow": script("timeout 5 sample-probe") }),
  },
];

function outside(): SeededFault[] {
  const words = {
    "name-gone": "curl: (6) Could not resolve host: feeds.example.org",
    "certificate-expired": "curl: (60) SSL certificate problem: certificate has expired",
    "service-away": "error: https://licence.example.org answered with 503",
    "image-gone": "error: manifest for registry.example.org/notes:1 not found",
    "connection-refused": "error: smtp.example.org:25: connection refused",
  };
  return Object.entries(words).map(([name, said], index) => {
    const is = (world: World) => join(world.root, `${name}-is-there`);
    const asks = (world: World) => `[ -e ${is(world)} ] || { ${says(said)}; }`;
    return {
      name,
      cause: "outside",
      begin: (world, recipe) => {
        writeFileSync(is(world), "");
        const inDeploy = index >= 3;
        recipe.change({
          files: inDeploy
            ? { "before-deploy.sh": `${asks(world)}\n` }
            : { "tests/custom/feed": script(asks(world)) },
        });
      },
      between: (world) => rmSync(is(world)),
    };
  });
}

function seeds(make: (seed: number) => SeededFault): SeededFault[] {
  return Array.from({ length: SEEDS }, (_, seed) => make(seed));
}

// A handshake that is too slow under load; seeded is how often load makes it so.
function loadFlake(seed: number): SeededFault {
  const name = `slow-handshake-${seed}`;
  const busy = (world: World) => join(world.root, `${name}-busy`);
  const slow = sequence(seed, 0.75 + seed / 80);
  return {
    name,
    cause: "flake (load)",
    between: (world, recipe) => {
      writeFileSync(busy(world), "");
      recipe.change({
        files: {
          "tests/custom/handshake": script(
            `busy() { [ -e ${busy(world)} ] || { grep -qsz "^SWEEP_LOAD=$SWEEP_RUN/" /proc/[0-9]*/environ && ${next(world, name, slow)}; }; }`,
            'if busy; then echo "error: handshake not finished after 2 s"; exit 1; fi',
          ),
        },
      });
    },
    afterwards: (world) => rmSync(busy(world)),
  };
}

// Green for the first release, red for the second, then as the seed says; the release has no part in it.
function timingFlake(seed: number): SeededFault {
  const name = `race-${seed}`;
  return {
    name,
    cause: "flake (timing)",
    begin: (world, recipe) =>
      recipe.change({
        files: {
          "tests/custom/race": script(
            `if ${next(world, name, `01${sequence(seed + 100, 0.25 + seed / 40)}`)}; then echo "error: the job was not done yet"; exit 1; fi`,
          ),
        },
      }),
  };
}

/** Bash that is true where the next of these digits is 1. */
function next(world: World, name: string, digits: string): string {
  const count = join(world.root, `${name}-count`);
  return `{ n=$(cat ${count} 2>/dev/null || echo 0); echo $((n + 1)) >${count}; digits=${digits}; [ "\${digits:n:1}" = 1 ]; }`;
}

/** Digits that are 1 with this chance, the same for the same seed. */
function sequence(seed: number, chance: number): string {
  const random = randomOf(seed);
  return Array.from({ length: 30 }, () => (random() < chance ? "1" : "0")).join("");
}
