import { join } from "node:path";
import type { Canonical } from "../../src/core/canonical.ts";
import { stackName } from "../../src/core/stack-name.ts";
import { writeFile, writeFiles } from "../support/files.ts";
import { recordsOf } from "../support/machine.ts";
import { createUpstream, type TagOptions, type Upstream } from "../support/upstream.ts";
import { NOTES_TESTS, notesRelease, type Quirk } from "./notes-recipe.ts";

export interface RecipeSetup {
  /** What `recipe.yaml` has beyond, or instead of, the sample's. */
  settings?: Readonly<Record<string, unknown>>;
  /** Files of the configuration folder by path; null: not there. */
  files?: Readonly<Record<string, string | null>>;
  /** The tests that it begins with. */
  tests?: Readonly<Record<string, string>>;
  releases?: readonly string[];
  /** What all its releases do differently. */
  quirk?: Quirk;
}

export interface SwarmRecipe {
  name: string;
  folder: string;
  upstream: Upstream;
  /** The warm domain and its stack. */
  domain: string;
  stack: string;
  publish(version: string, quirk?: Quirk, tag?: TagOptions): { object: string; commit: string };
  set(settings: Readonly<Record<string, unknown>>): void;
  write(files: Readonly<Record<string, string | null>>): void;
  record(): Canonical | null;
}

/** Where a world keeps what belongs to its recipes. */
export interface RecipePlace {
  root: string;
  configuration: string;
  domain: string;
}

/** Writes a recipe's configuration and makes its upstream, with its first releases. */
export function makeRecipe(place: RecipePlace, state: string, name: string, setup: RecipeSetup): SwarmRecipe {
  const folder = join(place.configuration, "recipes", name);
  const upstream = createUpstream(join(place.root, "upstreams", `${name}.git`));
  const domain = `warm-${name}.${place.domain}`;
  let settings: Record<string, unknown> = { canonical: true, ...setup.settings };
  const recipe: SwarmRecipe = {
    name,
    folder,
    upstream,
    domain,
    stack: stackName(domain),
    publish: (version, quirk, tag) => {
      upstream.commit(notesRelease(version, { ...setup.quirk, ...quirk }));
      return upstream.tag(version, tag);
    },
    set: (more) => {
      settings = { ...settings, ...more };
      writeFile(join(folder, "recipe.yaml"), JSON.stringify(settings));
    },
    write: (files) => writeFiles(folder, files),
    record: recordsOf(state, name).record,
  };
  recipe.set({});
  recipe.write({ ...(setup.tests ?? NOTES_TESTS), ...setup.files });
  for (const version of setup.releases ?? []) recipe.publish(version);
  return recipe;
}
