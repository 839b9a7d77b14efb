import { ASK, LIGHTTPD, SERVES_A_PAGE, webApp } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

/** Seconds; alone an answer takes about one. */
const LIMIT = 6;
const WORK = "head -c 200000000 | sha256sum | cut -c1-64";

const CHALLENGE = `printf 'Content-Type: text/plain\\r\\n\\r\\n'
head -c 16 /dev/urandom | sha256sum | cut -c1-32
`;

const ANSWER = `read -r nonce answer
if [ "$answer" = "$(yes "$nonce" | ${WORK})" ]; then
  printf 'Content-Type: text/plain\\r\\n\\r\\nwelcome\\n'
else
  printf 'Status: 403 Forbidden\\r\\n\\r\\n'
fi
`;

/**
 * The client computes at the lowest priority there is, as one in the background does: alone it has all the time
 * in the world, and next to nothing while others compute. `autogroup` is the priority of the session, where the
 * kernel shares the processors out by sessions.
 */
const HANDSHAKE = `${ASK}(echo 19 >/proc/self/autogroup) 2>/dev/null || true
renice --priority 19 --pid $$ >/dev/null
nonce=$(ask "$SWEEP_URL/challenge.cgi")
if ! answer=$(timeout ${LIMIT} bash -c "yes $nonce | ${WORK}"); then
  echo "error: the handshake timed out, with no answer within ${LIMIT} s"
  exit 1
fi
ask --data "$nonce $answer" "$SWEEP_URL/answer.cgi"
`;

export const FLAKE_UNDER_LOAD: ZooRecipe = {
  name: "flake-under-load",
  shows: "incident 32: a handshake with a time limit, missed only while others compute",
  files: { ...SERVES_A_PAGE, "tests/custom/handshake": HANDSHAKE },
  releases: [release("1.0.0-rc.1+1.5.634")],
  later: { releases: [release("1.0.0+1.5.634")] },
  hasNeighbour: true,
};

function release(version: string): Release {
  const pages = ["index.html", "challenge.cgi", "answer.cgi"];
  return releaseOf(version, {
    services: { app: webApp(Object.fromEntries(pages.map((page) => [page, `/srv/www/${page}`]))) },
    configs: {
      "zoo.conf": LIGHTTPD,
      "index.html": "it serves\n",
      "challenge.cgi": CHALLENGE,
      "answer.cgi": ANSWER,
    },
  });
}
