import { LIGHTTPD, NOTES, NOTES_DATA, SERVES_A_PAGE, webApp } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

/** The key is bound to the installation that made it: a service keeps its id until its stack is removed. */
const REMEMBERS = '[ -e /data/installation ] || echo "$INSTALLATION" >/data/installation\n';
const ROTATES = `if [ -e /data/installation ] && [ "$(cat /data/installation)" != "$INSTALLATION" ]; then
  echo "another installation: the key is made anew"
  echo "jwt_key=$(head -c 16 /dev/urandom | sha256sum | cut -c1-32)" >/data/app.conf || exit 1
fi
`;

export const JWT_READ_ONLY: ZooRecipe = {
  name: "jwt-read-only",
  shows: "incident 27: 2.0.0 is green from nothing, and writes a read-only config on retained data",
  files: { ...SERVES_A_PAGE, ...NOTES_DATA },
  releases: [release("1.0.0-rc.1+1.9", REMEMBERS), release("1.0.0+1.9", REMEMBERS)],
  later: { releases: [release("2.0.0+2.0", `${ROTATES}${REMEMBERS}`)] },
};

function release(version: string, begin: string): Release {
  return releaseOf(version, {
    services: {
      app: webApp(
        {
          start: "/start",
          "app.conf": "/data/app.conf",
          "index.html": "/srv/www/index.html",
          "notes.cgi": "/srv/www/notes.cgi",
        },
        {
          command: ["/start"],
          more: { environment: { INSTALLATION: "{{.Service.ID}}" }, volumes: ["data:/data"] },
        },
      ),
    },
    configs: {
      "zoo.conf": LIGHTTPD,
      start: `#!/bin/sh\n${begin}exec lighttpd -D -f /etc/zoo.conf\n`,
      "app.conf": "jwt_key=none\n",
      "index.html": "it serves\n",
      "notes.cgi": NOTES,
    },
    volumes: ["data"],
  });
}
