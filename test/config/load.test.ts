import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigurationFault } from "../../src/config/configuration-fault.ts";
import { loadConfig } from "../../src/config/load.ts";
import { configurationFolder, SOUND_SWEEP } from "../support/configuration.ts";

function load(files: Readonly<Record<string, string>>) {
  return loadConfig(configurationFolder(files), {});
}

describe("a configuration without fault", () => {
  it("has every default of the contract when only what is required stands there", () => {
    const folder = configurationFolder({
      "sweep.yaml": SOUND_SWEEP,
      "recipes/gitea/recipe.yaml": "canonical: true\n",
    });
    const { recipes, ...config } = loadConfig(folder, {});
    const minute = 60_000;
    const timeouts = {
      deploy: 10 * minute,
      tier: 15 * minute,
      promote: 20 * minute,
      recipe: 60 * minute,
      sweep: 720 * minute,
      git: minute,
    };
    expect(config).toEqual({
      folder,
      hasRecipeFolder: true,
      knownCauses: [],
      domain: "ci.example.org",
      state: "/var/lib/canonical-sweep",
      schedule: "0 3 * * 0",
      timezone: "UTC",
      lanes: [
        {
          name: "main",
          server: "default",
          context: "default",
          edge: { address: "127.0.0.1", port: 443, scheme: "https" },
        },
      ],
      floor: 1,
      timeouts,
      disk: { minFree: 5 * 1024 ** 3, canonicals: 50 * 1024 ** 3 },
      breaker: 3,
      crashLoop: { exits: 5, longestUpMs: 30_000 },
      investigate: { busyAbove: 0.25 },
      snapshotHelper: "debian",
      keep: { runs: 52, days: null },
      listen: "127.0.0.1:8390",
      allowedHosts: [],
      path: ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"],
      tools: [],
      environment: {},
      notify: [],
      heartbeat: null,
      withoutFile: [],
    });
    expect(recipes).toEqual([
      {
        recipe: "gitea",
        folder: join(folder, "recipes/gitea"),
        enrolled: true,
        reason: null,
        warm: "idle",
        driver: "abra",
        upstream: "https://git.example.org/gitea.git",
        mirror: null,
        timeouts,
        domain: "warm-gitea.ci.example.org",
        health: { path: "/", status: [200], service: "app" },
        env: {},
        requires: [],
        tests: {},
        broken: {},
        permissions: [],
        commands: null,
      },
    ]);
  });

  it("takes every key that the contract shows", () => {
    const config = load({
      "sweep.yaml": CONTRACT_SWEEP,
      "recipes/gitea/recipe.yaml": CONTRACT_RECIPE,
      "recipes/gitea/setup/keycloak": "#!/bin/sh\n",
      "recipes/gitea/setup/keycloak-undo": "#!/bin/sh\n",
      "recipes/gitea/tests/upgrade/official-image.sh": "#!/bin/sh\n",
      "recipes/gitea/tests/custom/new-login.sh": "#!/bin/sh\n",
      "recipes/keycloak/recipe.yaml": "canonical: true\nwarm: live\n",
      "recipes/postgres/recipe.yaml": "canonical: true\n",
    });
    expect(config.recipes.map((recipe) => recipe.recipe)).toEqual(["gitea", "keycloak", "postgres"]);
    expect(config.recipes[0]?.mirror).toEqual({
      url: "https://git.example.org/recipes/gitea.git",
      forge: {
        kind: "gitea",
        url: "https://git.example.org",
        tokenFile: "/etc/canonical-sweep/forge-token",
        issues: false,
      },
    });
    expect(config.tools).toEqual([{ name: "python3", atLeast: "3.11" }]);
  });

  it("overrides one limit of a recipe and leaves its others as sweep.yaml says", () => {
    const config = load({
      "sweep.yaml": `${SOUND_SWEEP}timeouts: { tier: 7m }\n`,
      "recipes/gitea/recipe.yaml": "canonical: true\ntimeouts: { deploy: 30m }\n",
    });
    expect(config.recipes[0]?.timeouts).toMatchObject({ deploy: 1_800_000, tier: 420_000, git: 60_000 });
  });

  it("lets a lane have an edge of its own", () => {
    const config = load({
      "sweep.yaml": `${SOUND_SWEEP}edge: { port: 8443, caFile: ca.pem }\nlanes:\n  - { name: a }\n  - { name: b, edge: { address: 192.0.2.7 } }\n`,
    });
    expect(config.lanes.map((lane) => lane.edge)).toEqual([
      { address: "127.0.0.1", port: 8443, scheme: "https", caFile: join(config.folder, "ca.pem") },
      { address: "192.0.2.7", port: 443, scheme: "https" },
    ]);
  });

  it("counts relative paths from the configuration folder", () => {
    const config = load({
      "sweep.yaml":
        'domain: ci.example.org\nstate: ./.state\nupstream: ./up/{recipe}.git\nmirror: { url: "../mirrors/{recipe}.git" }\n',
      "recipes/gitea/recipe.yaml": "canonical: true\n",
      "recipes/over/recipe.yaml": "canonical: true\nupstream: git@git.example.org:x/over.git\n",
    });
    const [gitea, over] = config.recipes;
    expect(config.state).toBe(join(config.folder, ".state"));
    expect(gitea?.upstream).toBe(join(config.folder, "up/gitea.git"));
    expect(gitea?.mirror?.url).toBe(join(config.folder, "../mirrors/gitea.git"));
    expect(over?.upstream).toBe("git@git.example.org:x/over.git");
  });

  it("takes the state folder that the command line names", () => {
    const folder = configurationFolder({ "sweep.yaml": SOUND_SWEEP });
    expect(loadConfig(folder, { state: "/srv/state" }).state).toBe("/srv/state");
  });

  it("hollow-sweep: has nothing enrolled, and says so, where the folder of the recipes is missing", () => {
    const config = load({ "sweep.yaml": SOUND_SWEEP });
    expect(config.hasRecipeFolder).toBe(false);
    expect(config.recipes).toEqual([]);
  });

  it("lists a folder without recipe.yaml apart from those that are declined with a reason", () => {
    const config = load({
      "sweep.yaml": SOUND_SWEEP,
      "recipes/gone/tests/install/x": "#!/bin/sh\n",
      "recipes/declined/recipe.yaml": "canonical: false\nreason: needs a GPU\n",
      "recipes/README.md": "not a recipe",
    });
    expect(config.withoutFile).toEqual(["gone"]);
    expect(config.recipes).toMatchObject([{ recipe: "declined", enrolled: false, reason: "needs a GPU" }]);
  });

  it("keeps the stated reason of a test that is gone", () => {
    const tests = "tests: { custom/old.sh: { reason: replaced by new.sh } }";
    const config = load({
      "sweep.yaml": SOUND_SWEEP,
      "recipes/a/recipe.yaml": `canonical: true\n${tests}\n`,
    });
    expect(config.recipes[0]?.tests).toEqual({ "custom/old.sh": { reason: "replaced by new.sh" } });
  });
});

describe("a folder without sweep.yaml", () => {
  it("is answered with how to make a sweep.yaml", () => {
    const folder = configurationFolder({});
    const load = () => loadConfig(folder, {});
    expect(load).toThrow(ConfigurationFault);
    expect(load).toThrow(`canonical-sweep --config ${folder} init`);
  });

  it("is answered with the right name where a sweep.yml stands in it", () => {
    expect(() => load({ "sweep.yml": SOUND_SWEEP })).toThrow(
      "sweep.yaml:1:1  found sweep.yml; allowed: sweep.yaml",
    );
  });

  it("is a fault of the configuration (exit code 2), with a next step", () => {
    const caught = (() => {
      try {
        return load({ "sweep.yaml": "domain: 5\n" });
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toMatchObject({
      code: "configuration",
      nextStep: expect.stringContaining("configuration.md"),
    });
  });
});

const CONTRACT_SWEEP = `
domain: ci.example.org
state: /var/lib/canonical-sweep
schedule: "0 3 * * 0"
timezone: UTC
driver: abra
upstream: https://git.coopcloud.tech/coop-cloud/{recipe}.git
mirror:
  url: https://git.example.org/recipes/{recipe}.git
  forge: { kind: gitea, url: https://git.example.org, tokenFile: /etc/canonical-sweep/forge-token }
edge:
  address: 127.0.0.1
  port: 443
  scheme: https
  caFile: /etc/canonical-sweep/ca.pem
lanes: [{ name: main, server: default, context: default }]
floor: { enrolled: 1 }
timeouts: { deploy: 10m, tier: 15m, promote: 20m, recipe: 60m, sweep: 12h, git: 60s }
disk: { minFree: 5GiB, canonicals: 50GiB }
breaker: { consecutiveMachinery: 3 }
snapshot: { helper: debian }
keep: { runs: 52 }
listen: 127.0.0.1:8390
path: []
tools: [{ name: python3, atLeast: "3.11" }]
environment: { PLAYWRIGHT_BROWSERS_PATH: /opt/browsers }
notify: [{ webhook: "https://chat.example.org/x", on: change }]
heartbeat: https://hc.example.org/ping/x
`;

const CONTRACT_RECIPE = `
canonical: true
warm: idle
health: { path: /, status: [200], service: app }
env: { GITEA_DOMAIN: "{domain}" }
requires:
  - { recipe: keycloak, mode: live, setup: setup/keycloak, teardown: setup/keycloak-undo }
  - { recipe: postgres, mode: ephemeral }
tests:
  upgrade/official-image.sh: { versions: ">=0.9.0", reason: asserts the image of the 0.9 migration }
  custom/new-login.sh: { only: ref, reason: belongs to an open pull request }
broken: { "3.0.0+v2.0.0": "its image is gone from the registry" }
permissions: []
`;
