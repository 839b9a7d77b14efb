import { ASK, LIGHTTPD, webApp } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

/** Swarm waits for it as long as its health check allows, and so must a sweep. */
const START = `#!/bin/sh
echo "the index is built, this takes a while"
sleep 6
exec lighttpd -D -f /etc/zoo.conf
`;

export const SLOW_START: ZooRecipe = {
  name: "slow-start",
  shows: "answers only after six seconds, and is healthy all the same",
  files: { "tests/install/serves-a-page": `${ASK}ask "$SWEEP_URL/" | grep -q "worth the wait"\n` },
  releases: [release("2.0.0-rc.1+8"), release("2.0.0+8")],
};

function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: webApp(
        { start: "/start", "index.html": "/srv/www/index.html" },
        {
          command: ["/start"],
          more: {
            healthcheck: {
              test: ["CMD", "curl", "--fail", "--silent", "http://127.0.0.1/"],
              interval: "2s",
              timeout: "5s",
              retries: 3,
              start_period: "2m",
            },
          },
        },
      ),
    },
    configs: { "zoo.conf": LIGHTTPD, start: START, "index.html": "worth the wait\n" },
  });
}
