import type { Config } from "../../config/config.ts";
import type { Clock } from "../../log.ts";
import type { StatePaths } from "../../state/paths.ts";
import type { Health } from "../health.ts";
import type { Route } from "./route.ts";

/** Sources of a page: the state folder, read-only, and the daemon's health. */
export interface View {
  state: StatePaths;
  clock: Clock;
  config(): Config;
  health(): Health;
}

/** The daemon's routes other than pages for people. `cli/serve.ts` adds those of the status page. */
export function serviceRoutes(view: View): Route[] {
  return [health(view)];
}

function health(view: View): Route {
  return ({ path }) => {
    if (path !== "/healthz") return null;
    const found = view.health();
    return {
      status: found.ok ? 200 : 503,
      type: "application/json",
      body: `${JSON.stringify(found, null, 2)}\n`,
    };
  };
}
