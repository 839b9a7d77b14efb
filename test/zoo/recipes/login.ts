import { ASK, LIGHTTPD, webApp } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

/** Registers a client and says its secret, once; forgets it. */
const CLIENTS = `read -r name
case "$REQUEST_METHOD $QUERY_STRING" in
"POST remove") rm -f "/data/$name" && printf 'Status: 204 No Content\\r\\n\\r\\n' ;;
POST*)
  if [ -e "/data/$name" ]; then
    printf 'Status: 409 Conflict\\r\\n\\r\\nthe client exists already\\n'
    exit
  fi
  printf 'Content-Type: text/plain\\r\\n\\r\\n'
  head -c 16 /dev/urandom | sha256sum | cut -c1-32 | tee "/data/$name"
  ;;
*) printf 'Content-Type: text/plain\\r\\n\\r\\n' && ls /data ;;
esac
`;

const TOKEN = `read -r name secret
if [ "$(cat "/data/$name")" = "$secret" ]; then
  printf 'Content-Type: application/json\\r\\n\\r\\n{"token_type":"Bearer","sub":"%s"}\\n' "$name"
else
  printf 'Status: 401 Unauthorized\\r\\n\\r\\n'
fi
`;

const PAGES = { "clients.cgi": CLIENTS, "token.cgi": TOKEN, "index.html": "log in\n" };

export const LOGIN: ZooRecipe = {
  name: "login",
  shows: "the live provider: always up, gives out the secrets of its clients",
  settings: { warm: "live" },
  files: {
    "tests/data/seed": `${ASK}ask --data sentinel "$SWEEP_URL/clients.cgi"\n`,
    "tests/data/verify": `${ASK}ask "$SWEEP_URL/clients.cgi" | grep -qx sentinel\n`,
    "tests/custom/knows-no-strangers": `${ASK}! ask --data "stranger guess" "$SWEEP_URL/token.cgi"\n`,
  },
  releases: [release("2.0.0-rc.1+26.1"), release("2.0.0+26.1")],
};

function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: webApp(Object.fromEntries(Object.keys(PAGES).map((page) => [page, `/srv/www/${page}`])), {
        networks: ["proxy"],
        more: { volumes: ["data:/data"] },
      }),
    },
    configs: { "zoo.conf": LIGHTTPD, ...PAGES },
    volumes: ["data"],
  });
}
