import { join } from "node:path";
import type { App } from "../../core/app.ts";
import { ensureFolder, exists } from "../../state/files.ts";
import { linkFolder } from "../../state/folders.ts";
import type { AbraOptions } from "./abra-options.ts";

/** Where abra finds everything of one app: a folder of its own, for abra keeps one checkout a recipe. */
export interface AbraHome {
  /** `ABRA_DIR`. */
  root: string;
  /** The one checkout of the recipe. */
  recipe: string;
  /** The app's env file. */
  envFile: string;
  /** Values of generated secrets by name, readable by their owner only: Docker cannot give them back. */
  secretValues: string;
  /** Holds one secret at a time, while it is inserted. */
  secretFile: string;
}

export function homeOf(app: Pick<App, "scratch" | "recipe" | "lane" | "domain">): AbraHome {
  const root = join(app.scratch, "abra");
  return {
    root,
    recipe: join(root, "recipes", app.recipe),
    envFile: join(root, "servers", app.lane.server, `${app.domain}.env`),
    secretValues: join(app.scratch, "abra-secrets.json"),
    secretFile: join(app.scratch, "abra-secret"),
  };
}

/**
 * Makes the app's own `ABRA_DIR`. A server is known to abra by the name of its folder and by Docker's context of
 * that name, so the folder starts empty: the operator's env files are neither read nor within reach.
 */
export function prepareHome(options: AbraOptions, app: App): AbraHome {
  const home = homeOf(app);
  ensureFolder(join(home.root, "servers", app.lane.server), 0o700);
  ensureFolder(join(home.root, "recipes"));
  const catalogue = join(options.abraFolder, "catalogue");
  if (exists(catalogue)) linkFolder(catalogue, join(home.root, "catalogue"));
  return home;
}
