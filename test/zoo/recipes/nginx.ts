import { ASK } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

export const NGINX: ZooRecipe = {
  name: "nginx",
  shows: "a web server, good: seeded, then advanced to the release of the second week",
  files: {
    "tests/install/serves-a-page": `${ASK}ask "$SWEEP_URL/" | grep -q "^release $SWEEP_VERSION$"\n`,
    "tests/custom/keeps-its-headers": `${ASK}ask --head "$SWEEP_URL/" | grep -qi "^server: nginx"\n`,
  },
  releases: [release("1.0.0+1.22.0"), release("1.1.0+1.22.1")],
  later: { releases: [release("1.2.0+1.22.2")] },
};

function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: {
        program: "nginx",
        command: ["nginx", "-c", "/etc/zoo.conf", "-g", "daemon off;"],
        configs: { "zoo.conf": "/etc/zoo.conf", "index.html": "/srv/www/index.html" },
      },
    },
    configs: {
      "zoo.conf": `user root;
error_log stderr;
events {}
http {
  access_log off;
  server { listen 80; root /srv/www; }
}
`,
      "index.html": `release ${version}\n`,
    },
  });
}
