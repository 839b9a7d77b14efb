import { fileURLToPath } from "node:url";
import type { Context } from "../run/context.ts";
import type { Route } from "../serve/http/route.ts";
import type { View } from "../serve/http/routes.ts";
import { createLint } from "../site/lint.ts";
import type { Site } from "../site/site.ts";
import { readTextIfAny } from "../state/files.ts";
import type { Surroundings } from "./invocation.ts";

/** The route of the pages. Their code is loaded with the first request: a daemon idles most of its time. */
export function siteRoute(
  view: View,
  context: Pick<Context, "program" | "home" | "signal">,
  self: Surroundings["self"],
  script: URL,
): Route {
  const { clock, state } = view;
  const { home, program, signal } = context;
  const lint = createLint({ self, home, state, clock, signal, config: view.config });
  let site: Promise<Site> | null = null;
  const load = async () => {
    const { createSite } = await import("../site/site.ts");
    return createSite({
      ...{ state, clock, program, lint },
      configuration: () => ({ config: view.config(), problem: null }),
      next: () => view.health().next,
      script: readTextIfAny(fileURLToPath(script)) ?? "",
    });
  };
  return async (request) => {
    site ??= load();
    return (await site)(request);
  };
}
