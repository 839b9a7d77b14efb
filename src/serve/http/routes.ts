import type { Config } from "../../config/config.ts";
import type { Clock } from "../../log.ts";
import type { StatePaths } from "../../state/paths.ts";
import type { Health } from "../health.ts";
import type { Route } from "./route.ts";

/** What a page may know: the state folder, which it only reads, and how the daemon gets on. */
export interface View {
  state: StatePaths;
  clock: Clock;
  config(): Config;
  health(): Health;
}

/** Every route of the daemon that is no page for people. Those of the status page are added in `cli/serve.ts`. */
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
