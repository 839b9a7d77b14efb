import { ASK, plainSite, SERVES_A_PAGE } from "../parts.ts";
import type { ZooRecipe } from "../recipe.ts";

export const MISSING_TOOL: ZooRecipe = {
  name: "missing-tool",
  shows: "incident 34: a test calls a tool that is not there, which is no fault of the recipe",
  files: {
    ...SERVES_A_PAGE,
    "tests/custom/reads-the-api": `${ASK}ask "$SWEEP_URL/" | zoo-json-reader .status\n`,
  },
  releases: [plainSite("1.0.0-rc.1+1.0")],
  later: { releases: [plainSite("1.0.0+1.0")] },
};
