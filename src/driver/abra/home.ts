import { join } from "node:path";
import type { App } from "../../core/app.ts";
import { ensureFolder, exists } from "../../state/files.ts";
import { linkFolder } from "../../state/folders.ts";
import type { AbraOptions } from "./abra-options.ts";

/** Paths of abra's files for one app, in a separate folder because abra keeps only one checkout per recipe. */
export interface AbraHome {
  /** `ABRA_DIR`. */
  root: string;
  /** abra's checkout of the recipe. */
  recipe: string;
  /** The app's env file. */
  envFile: string;
  /** Values of generated secrets by name, readable by their owner only: Docker cannot return them. */
  secretValues: string;
  /** Holds one secret at a time, during its insertion. */
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
 * Makes the app's own `ABRA_DIR`. abra knows a server by the name of its folder and of Docker's context, so the folder
 * starts empty: the operator's env files are neither read nor reachable.
 */
export function prepareHome(options: AbraOptions, app: App): AbraHome {
  const home = homeOf(app);
  ensureFolder(join(home.root, "servers", app.lane.server), 0o700);
  ensureFolder(join(home.root, "recipes"));
  const catalogue = join(options.abraFolder, "catalogue");
  if (exists(catalogue)) linkFolder(catalogue, join(home.root, "catalogue"));
  return home;
}
