import { ASK, LIGHTTPD, PROVIDER_HOST, webApp } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

const START = `#!/bin/sh
printf '%s\\n' "$CACHE_HOST" >/run/cache-host
exec lighttpd -D -f /etc/zoo.conf
`;

const VISITS = `printf 'Content-Type: text/plain\\r\\n\\r\\n'
redis-cli --raw -h "$(cat /run/cache-host)" incr visits
`;

export const SHOP: ZooRecipe = {
  name: "shop",
  shows: "incident 8: needs the cache, itself an enrolled recipe, which is deployed inside its test",
  settings: {
    requires: [{ recipe: "redis", mode: "ephemeral", setup: "setup/redis" }],
    health: { path: "/visits.cgi" },
  },
  files: {
    "setup/redis": `${ASK}${PROVIDER_HOST}echo "CACHE_HOST=$(provider_host)"\n`,
    "tests/install/counts-visits": `${ASK}ask "$SWEEP_URL/visits.cgi" | grep -qE '^[1-9]'\n`,
  },
  releases: [release("0.9.0-rc.1+0.9"), release("0.9.0+0.9")],
};

function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: webApp(
        { start: "/start", "visits.cgi": "/srv/www/visits.cgi" },
        { command: ["/start"], networks: ["proxy"] },
      ),
    },
    configs: { "zoo.conf": LIGHTTPD, start: START, "visits.cgi": VISITS },
  });
}
