import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyUpstream, createUpstream } from "../test/support/upstream.ts";

/** Recipes with their upstreams, each standing at its latest release. */
export interface Collection {
  recipes: readonly string[];
  /** Holds one bare repository for each recipe, `<recipe>.git`. */
  upstreams: string;
  configuration: string;
  state: string;
}

const RELEASES = 20;

const RECIPE = `canonical: true
health: { path: /health, status: [200] }
env: { APP_DOMAIN: "{domain}", APP_MODE: production }
commands: { deploy: app/deploy, undeploy: app/undeploy, version: app/version, inventory: app/inventory }
`;

/**
 * Makes `count` recipes below `folder`. With `links` their upstreams are names of one repository: enough for
 * what only asks, and quick for thousands.
 */
export function makeCollection(folder: string, count: number, links = false): Collection {
  const recipes = Array.from({ length: count }, (_, index) => `recipe-${String(index).padStart(4, "0")}`);
  const collection = {
    recipes,
    upstreams: join(folder, "upstreams"),
    configuration: join(folder, "configuration"),
    state: join(folder, "state"),
  };
  const latest = makeUpstreams(folder, collection, links);
  for (const recipe of recipes) {
    write(join(collection.configuration, "recipes", recipe), "recipe.yaml", RECIPE);
    write(join(collection.state, "canonical", recipe), "canonical.json", record(recipe, latest));
  }
  return collection;
}

/** Lets the program find the upstreams below this address. */
export function configureUpstream({ configuration, state }: Collection, url: string): void {
  const settings = {
    domain: "ci.example.org",
    state,
    upstream: `${url}/{recipe}.git`,
    driver: "command",
    floor: { enrolled: 1 },
  };
  write(configuration, "sweep.yaml", `${JSON.stringify(settings)}\n`);
}

interface Latest {
  version: string;
  commit: string;
}

function makeUpstreams(folder: string, { recipes, upstreams }: Collection, links: boolean): Latest {
  const model = createUpstream(join(folder, "model.git"));
  let latest: Latest = { version: "", commit: "" };
  for (let release = 0; release < RELEASES; release++) {
    const version = `0.${release}.0+1.${release}.2-rootless`;
    model.commit({ "compose.yml": `version: "3.8" # ${version}\n`, "abra.sh": "export ENV_VERSION=v1\n" });
    latest = { version, commit: model.tag(version).commit };
  }
  mkdirSync(upstreams, { recursive: true });
  const copies = recipes.map((recipe) => join(upstreams, `${recipe}.git`));
  if (links) for (const copy of copies) symlinkSync(model.folder, copy);
  else copyUpstream(model, copies);
  return latest;
}

function record(recipe: string, latest: Latest): string {
  return `${JSON.stringify({ recipe, ...latest, status: "idle", ts: "20260617T050314Z" })}\n`;
}

function write(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}
