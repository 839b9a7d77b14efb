import { expect, it } from "vitest";
import { commandEnvironment, type TestFacts, testEnvironment } from "../../src/core/plan/test-environment.ts";

const FACTS: TestFacts = {
  searchPath: "/usr/bin:/bin",
  environment: {},
  recipe: "gitea",
  version: "3.6.0+1.24.2-rootless",
  commit: "a".repeat(40),
  baseVersion: null,
  tier: "custom",
  domain: "gitea.ci.example.org",
  url: "https://gitea.ci.example.org/",
  stack: "gitea_ci_example_org",
  volumes: ["gitea_data", "gitea_db"],
  scratch: "/state/scratch/1",
  run: "20260617T050314Z",
};

it("a variable that does not apply to a test is empty, and a URL has no trailing slash", () => {
  expect(testEnvironment(FACTS)).toEqual({
    PATH: "/usr/bin:/bin",
    HOME: "/state/scratch/1",
    LANG: "C.UTF-8",
    SWEEP_RECIPE: "gitea",
    SWEEP_VERSION: "3.6.0+1.24.2-rootless",
    SWEEP_COMMIT: "a".repeat(40),
    SWEEP_BASE_VERSION: "",
    SWEEP_TIER: "custom",
    SWEEP_DOMAIN: "gitea.ci.example.org",
    SWEEP_URL: "https://gitea.ci.example.org",
    SWEEP_STACK: "gitea_ci_example_org",
    SWEEP_VOLUMES: "gitea_data\ngitea_db",
    SWEEP_SCRATCH: "/state/scratch/1",
    SWEEP_RUN: "20260617T050314Z",
  });
});

it("neither `environment:` nor a recipe can change PATH, HOME or a variable of ours", () => {
  const environment = {
    PATH: "/evil",
    HOME: "/evil",
    SWEEP_VERSION: "evil",
    LANG: "de_DE.UTF-8",
    EXTRA: "1",
  };
  expect(testEnvironment({ ...FACTS, environment })).toMatchObject({
    ...testEnvironment(FACTS),
    LANG: "de_DE.UTF-8",
    EXTRA: "1",
  });
  const command = { ...FACTS, checkout: null, data: "/data", instance: "warm", backup: null } as const;
  const env = { ...environment, SWEEP_DATA: "evil" };
  expect(commandEnvironment({ ...command, env })).toMatchObject({
    SWEEP_DATA: "/data",
    PATH: "/usr/bin:/bin",
  });
});
