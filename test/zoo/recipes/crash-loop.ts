import { LIGHTTPD, SERVES_A_PAGE, webApp } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

export const CRASH_LOOP: ZooRecipe = {
  name: "crash-loop",
  shows: "dies at every start, as it wants a setting that nobody gives",
  files: SERVES_A_PAGE,
  releases: [release("1.0.0-rc.1+5.0")],
  later: { releases: [release("1.0.0+5.0")] },
};

function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: webApp({ start: "/start", "index.html": "/srv/www/index.html" }, { command: ["/start"] }),
    },
    configs: {
      "zoo.conf": LIGHTTPD,
      start: '#!/bin/sh\necho "FATAL: the setting MAIL_FROM is missing" >&2\nexit 78\n',
      "index.html": "it serves\n",
    },
  });
}
