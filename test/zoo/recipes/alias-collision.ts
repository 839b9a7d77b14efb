import { ASK, LIGHTTPD, webApp } from "../parts.ts";
import { type Release, releaseOf, variable, type ZooRecipe } from "../recipe.ts";

export const ALIAS_COLLISION: ZooRecipe = {
  name: "alias-collision",
  shows: "incident 28: reaches its app by a name that the live provider has on the same network",
  settings: { health: { path: "/catalogue" }, timeouts: { promote: "20s" } },
  files: { "tests/install/has-a-catalogue": `${ASK}ask "$SWEEP_URL/catalogue" | grep -q "the catalogue"\n` },
  releases: [release("1.0.0-beta.1+1.0")],
  later: { releases: [release("1.0.0+1.0")] },
  isTriedAgain: true,
  needs: ["login"],
  edge: "web",
};

/**
 * Docker asks a container's networks by their names: a cold stack (`alia-…`) finds its own `app` before it comes to
 * `proxy`, and the warm one (`warm-alias-…`) finds the others' there first.
 */
function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: webApp({ catalogue: "/srv/www/catalogue" }, { networks: ["internal"] }),
      web: {
        program: "nginx",
        command: ["/start"],
        networks: ["internal", "proxy"],
        configs: { "start.sh": "/start", "nginx.conf": "/etc/zoo.conf" },
        more: { environment: { WAITS_FOR: `${variable("STACK_NAME")}_app` } },
      },
    },
    configs: {
      "zoo.conf": LIGHTTPD,
      catalogue: "the catalogue\n",
      // Before its own app is there, only the others' would answer to the name: in a cold stack too.
      "start.sh": `#!/bin/sh
until getent hosts "$WAITS_FOR"; do sleep 0.2; done
exec nginx -c /etc/zoo.conf -g "daemon off;"
`,
      "nginx.conf": `user root;
error_log stderr;
events {}
http {
  access_log off;
  server { listen 80; location / { proxy_pass http://app:80; } }
}
`,
    },
  });
}
