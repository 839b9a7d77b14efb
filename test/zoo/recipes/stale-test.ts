import { ASK, CONTAINER, plainSite, SERVES_A_PAGE } from "../parts.ts";
import type { ZooRecipe } from "../recipe.ts";

/** Written for a pull request that was never merged. */
const ASSERTS_AN_IMAGE = `${ASK}${CONTAINER}image=$(docker inspect --format '{{.Config.Image}}' "$(container app)")
if [[ $image != localhost:5000/zoo/lighttpd:9.9-rootless ]]; then
  echo "error: it does not run the rootless image"
  exit 1
fi
`;

export const STALE_TEST: ZooRecipe = {
  name: "stale-test",
  shows: "incident 31: a new test asserts an image that no release has",
  files: SERVES_A_PAGE,
  releases: [plainSite("1.0.0-rc.1+1.4.68"), plainSite("1.0.0+1.4.68")],
  later: {
    releases: [plainSite("1.1.0+1.4.69")],
    files: { "tests/custom/rootless-image": ASSERTS_AN_IMAGE },
  },
};
