import { ASK, plainSite, SERVES_A_PAGE } from "../parts.ts";
import type { ZooRecipe } from "../recipe.ts";

export const PULL_REQUEST_TEST: ZooRecipe = {
  name: "pull-request-test",
  shows: "incident 31, marked: the test of an open pull request is listed with its reason, and waits",
  settings: { tests: { "custom/new-login": { only: "ref", reason: "belongs to an open pull request" } } },
  files: { ...SERVES_A_PAGE, "tests/custom/new-login": `${ASK}ask "$SWEEP_URL/new-login"\n` },
  releases: [plainSite("1.0.0-rc.1+1.0"), plainSite("1.0.0+1.0")],
};
