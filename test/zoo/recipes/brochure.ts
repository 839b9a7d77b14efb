import { plainSite, SERVES_A_PAGE } from "../parts.ts";
import type { ZooRecipe } from "../recipe.ts";

export const BROCHURE: ZooRecipe = {
  name: "brochure",
  shows: "good, with no tests of its data: promoted, and the label says what is not known",
  files: SERVES_A_PAGE,
  releases: [plainSite("0.1.0-rc.1+v1"), plainSite("0.1.0+v1")],
};
