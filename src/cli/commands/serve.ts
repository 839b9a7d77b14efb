import { EXIT } from "../../core/exit.ts";
import { serviceRoutes } from "../../serve/http/routes.ts";
import { leaveSweepAtOnce, serve } from "../../serve/serve.ts";
import { configOf, withContext } from "../context.ts";
import type { Invocation } from "../invocation.ts";
import { siteRoute } from "../page-site.ts";

/** The script of the pages, beside the built program. */
const SCRIPT = new URL("../../page/live.js", import.meta.url);

/** `serve`: the daemon, until it is asked to stop. */
export async function runServe(invocation: Invocation): Promise<number> {
  const { global, surroundings } = invocation;
  return withContext(invocation, { onLeave: leaveSweepAtOnce }, async (context) => {
    await serve({
      context,
      env: surroundings.env,
      self: surroundings.self,
      sweepOptions: sweepOptions(context.state.root, global),
      load: () => configOf(invocation),
      onReload: surroundings.listenForReload,
      routes: (view) => [...serviceRoutes(view), siteRoute(view, context, surroundings.self, SCRIPT)],
    });
    return EXIT.ok;
  });
}

// A sweep must find the state folder that the daemon looks at, whatever its configuration says by then.
function sweepOptions(state: string, { quiet, verbose }: Invocation["global"]): string[] {
  const loudness = quiet ? ["--quiet"] : verbose ? ["--verbose"] : [];
  return ["--state", state, ...loudness];
}
