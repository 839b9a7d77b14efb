import type { Toolbox } from "../../command/toolbox.ts";
import type { App } from "../../core/app.ts";
import { createDocker, type Docker } from "../../docker/docker.ts";
import type { CrashLoopRule } from "../../docker/watch/container-exits.ts";

export interface AbraOptions {
  tools: Toolbox;
  /** The operator's home folder, which holds Docker's contexts and the keys of servers. */
  home: string;
  /** The state folder, absolute: it holds the ledger. */
  stateRoot: string;
  /** The operator's own abra folder, usually `$HOME/.abra`: only its `catalogue` is read. */
  abraFolder: string;
  /** When to give up an app that keeps exiting: this many exits with one code, never up for longer. */
  crashLoop: CrashLoopRule;
  /** An image with GNU cp and tar, for daemons on other machines. */
  snapshotHelper: string;
  /**
   * The names of volumes, secrets and configs that `adopt` took over for a recipe's canonical: used although this
   * program did not make them, and never removed.
   */
  adopted?: (recipe: string) => readonly string[];
}

/** The adopted objects of an app; only its canonical can have any. */
export function adoptedBy(options: AbraOptions, app: Pick<App, "recipe" | "instance">): readonly string[] {
  return app.instance === "warm" ? (options.adopted?.(app.recipe) ?? []) : [];
}

/** The docker client of an app's lane, for everything that abra does not report. */
export function dockerOf(options: AbraOptions, app: Pick<App, "lane">): Docker {
  return createDocker({
    file: options.tools.find("docker"),
    context: app.lane.context,
    searchPath: options.tools.searchPath,
    home: options.home,
  });
}
