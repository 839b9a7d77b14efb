import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { answeringRegistry } from "../support/registry.ts";
import { describeOnSwarm } from "../support/swarm.ts";
import { labelsOf, rowOf, until } from "../support/world.ts";
import { type Compose, PLAIN_TESTS, withoutData } from "./notes-recipe.ts";
import { shortObjectsOf } from "./objects.ts";
import { detailsOf, type SwarmWorld, worldForTest } from "./world.ts";
import type { RecipeSetup } from "./world-recipe.ts";

/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;
const PLAIN: RecipeSetup = { tests: PLAIN_TESTS, quirk: { compose: withoutData } };

describeOnSwarm("incidents of the cold test on a swarm", () => {
  it(
    "two-sweeps: a second state folder on the same lane ends with 75 and names who holds it",
    async () => {
      const world = await worldForTest();
      const [began, goOn] = [join(world.root, "began"), join(world.root, "go-on")];
      world.configure({ environment: { EDGE: world.edge.address, BEGAN: began, GO_ON: goOn } });
      const waits = '#!/bin/bash\ntouch "$BEGAN"; until [ -e "$GO_ON" ]; do sleep 0.1; done\n';
      world.recipe("site", { ...PLAIN, tests: { "tests/install/waits": waits }, releases: ["1.0.0+1"] });
      const holder = world.json("run", "site", "--no-promote");
      await until(() => existsSync(began), LIMIT_MS);
      const beside = world.beside();
      const second = await beside.start("run", "site", "--no-promote").end;
      expect(second.exit).toBe(75);
      expect(readdirSync(join(beside.state, "runs")), "a run that never began leaves no folder").toEqual([]);
      writeFileSync(goOn, "");
      const { document } = await holder;
      expect(labelsOf(document), detailsOf(document)).toEqual({
        site: "PASS-NOT-PROMOTED (1.0.0+1; by-request: --no-promote)",
      });
      expect(second.stderr).toContain(`held by run ${document.run} of the state folder`);
      expect(shortObjectsOf(world.domain)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "wedged-deploy: the limit ends a deploy that neither fails nor finishes, and the rest is tested",
    async () => {
      const world = await worldForTest();
      world.recipe("aaa", {
        ...PLAIN,
        settings: { timeouts: { deploy: "6s" } },
        quirk: { compose: neverHealthy },
        releases: ["1.0.0+1"],
      });
      world.recipe("bad", { ...PLAIN, quirk: { compose: undefinedNetwork }, releases: ["1.0.0+1"] });
      const { document, exit } = await world.json("sweep");
      expect(labelsOf(document), detailsOf(document)).toEqual({
        aaa: "FAIL (red at install; canonical unchanged: none)",
        bad: "FAIL (red at install; canonical unchanged: none)",
      });
      expect(exit).toBe(3);
      const row = rowOf(document, "aaa");
      expect(row.detail).toMatch(
        /converge: not done within 6(?:\.0)?s \(timeouts\.deploy\); last seen: \S+_app 0\/1, starting$/,
      );
      expect(world.read("runs", document.run, row.brief ?? "")).toMatch(
        /not done within 6(?:\.0)?s \(timeouts\.deploy\)/,
      );
      // undefined-service: in the deployer's own words.
      expect(rowOf(document, "bad").detail).toContain('undefined network "nope"');
      expect(shortObjectsOf(world.domain)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "missing-tool: inside a container's log it is machinery; a service of its own that nobody knows is the recipe's fault",
    async () => {
      const world = await worldForTest();
      const crashes = (begin: string): RecipeSetup => ({
        tests: PLAIN_TESTS,
        quirk: { begin, compose: restartsAtOnce },
        releases: ["1.0.0+1"],
      });
      world.recipe(
        "asks",
        crashes(
          'echo "psql: could not translate host name \\"db\\" to address: Temporary failure in name resolution"; exit 1',
        ),
      );
      world.recipe("misses", crashes("frobnicate --all || exit 1"));
      const { document } = await world.json("sweep");
      expect(rowOf(document, "asks").label).toBe("FAIL (red at install; canonical unchanged: none)");
      expect(world.read("runs", document.run, "asks", "brief.md")).toContain(
        "db is a name of the stack's own",
      );
      expect(rowOf(document, "misses").label).toMatch(
        /^BLOCKED \(machinery: a tool is missing inside the container: frobnicate;/,
      );
      expect(shortObjectsOf(world.domain)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "a crash loop ends the wait long before the limit, with the container's own words",
    async () => {
      const world = await worldForTest();
      const begin = 'echo "FATAL: cannot open /etc/app.ini" >&2; exit 3';
      world.recipe("site", {
        ...PLAIN,
        quirk: { begin, compose: restartsAtOnce },
        releases: ["1.0.0+1"],
      });
      const { document } = await world.json("run", "site");
      const row = rowOf(document, "site");
      expect(row.label, row.detail).toBe("FAIL (red at install; canonical unchanged: none)");
      expect(row.detail).toContain("FATAL: cannot open /etc/app.ini");
      expect(row.tiers[0]?.durationMs).toBeLessThan(60_000);
    },
    LIMIT_MS,
  );

  it(
    "base-broken: a base that does not deploy is its own reason, until an older one is taken",
    async () => {
      const world = await worldForTest();
      const gone = `${await answeringRegistry(404)}/notes:gone`;
      const site = world.recipe("site", { ...PLAIN, releases: ["0.9.0+1"] });
      site.publish("1.0.0+1", { image: gone });
      site.publish("1.1.0+1");
      const first = await world.json("run", "site");
      const row = rowOf(first.document, "site");
      expect(row.label).toMatch(/^PASS-NOT-PROMOTED \(1\.1\.0\+1; .*base 1\.0\.0\+1 does not deploy: /);
      expect(row.detail).toContain("upgrade skipped: base 1.0.0+1 does not deploy: ");
      expect(row.detail).toContain(gone);
      expect(first.exit).toBe(3);
      expect(site.record()).toBeNull();
      site.set({ broken: { "1.0.0+1": "its image is gone from the registry" } });
      const second = await world.json("run", "site", "--no-promote");
      expect(rowOf(second.document, "site").tiers).toMatchObject([
        { tier: "install", status: "passed" },
        { tier: "upgrade", status: "passed" },
      ]);
    },
    LIMIT_MS,
  );

  it(
    "spurious-health: a domain that answers before the deploy is refused, and nothing is deployed there",
    async () => {
      const world = await worldForTest();
      world.recipe("site", { ...PLAIN, releases: ["1.0.0+1"] });
      world.edge.pin("*", 200);
      const { document, exit } = await world.json("run", "site");
      expect(labelsOf(document).site).toMatch(/^BLOCKED \(domain-answers: site-\S+ answers before/);
      expect(exit).toBe(3);
      expect(readLog(world, document.run)).not.toContain("stack deploy");
    },
    LIMIT_MS,
  );
});

function readLog(world: SwarmWorld, run: string): string {
  return world.read("runs", run, "site", "install.log") ?? "";
}

function neverHealthy(compose: Compose): void {
  withoutData(compose);
  const healthcheck = { test: ["CMD", "test", "-e", "/www/ready"], interval: "1s", retries: 1000 };
  compose.services.app = { ...compose.services.app, healthcheck };
}

function undefinedNetwork(compose: Compose): void {
  withoutData(compose);
  compose.services.app = { ...compose.services.app, networks: ["nope"] };
}

function restartsAtOnce(compose: Compose): void {
  withoutData(compose);
  const deploy = { endpoint_mode: "dnsrr", restart_policy: { delay: "500ms" } };
  compose.services.app = { ...compose.services.app, deploy };
}
