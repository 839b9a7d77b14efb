import { plainSite, SERVES_A_PAGE } from "../parts.ts";
import type { ZooRecipe } from "../recipe.ts";

export const UNDEFINED_SERVICE: ZooRecipe = {
  name: "undefined-service",
  shows: "incident 33: names a service, and its network, that no compose file defines",
  files: SERVES_A_PAGE,
  releases: [plainSite("1.0.0-rc.1+1.0")],
  later: {
    releases: [plainSite("1.0.0+1.0", { more: { depends_on: ["db"], networks: ["bridge", "backend"] } })],
  },
};
