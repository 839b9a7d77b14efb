import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { busyboxImage, DOCKER } from "../support/images.ts";
import { describeOnSwarm, docker } from "../support/swarm.ts";
import { labelsOf, rowOf } from "../support/world.ts";
import { heldTests, killInPromotion } from "./killed.ts";
import { type Compose, NOTES_TESTS, PLAIN_TESTS, withoutData } from "./notes-recipe.ts";
import { containerOf, readInVolume, shortObjectsOf } from "./objects.ts";
import { detailsOf, type SwarmWorld, worldForTest } from "./world.ts";
import type { RecipeSetup, SwarmRecipe } from "./world-recipe.ts";

/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;
const PLAIN: RecipeSetup = { tests: PLAIN_TESTS, quirk: { compose: withoutData } };
/** What differs at the warm domain, as where an app depends on its own name. */
const ONLY_WARM = (script: string) => `case $DOMAIN in warm-*) ${script} ;; esac`;

describeOnSwarm("incidents of the promotion on a swarm", () => {
  it(
    "promote-failed-called-pass, promote-unhealthy-404, promote-timeout, secret-residue: a seed that fails leaves nothing, and the next try starts clean",
    async () => {
      const world = await worldForTest("swarm", { timeouts: { deploy: "60s", promote: "14s" } });
      const { "tests/install/says-its-version": says = "" } = NOTES_TESTS;
      const notes = world.recipe("notes", { tests: { "tests/install/says-its-version": says } });
      notes.publish("1.0.0+1", { begin: ONLY_WARM("rm /www/index.html") });
      const slow = world.recipe("slow", PLAIN);
      slow.publish("1.0.0+1", { begin: ONLY_WARM("sleep 1000"), compose: healthyOnceServed });
      const { document, exit } = await world.json("sweep");
      expect(labelsOf(document), detailsOf(document)).toEqual({
        notes: "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
        slow: "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
      });
      expect(exit).toBe(3);
      expect(rowOf(document, "notes").detail).toMatch(
        /health did not end within 14 s \(timeouts\.promote\); last seen: HTTP 404 from warm-notes/,
      );
      expect(rowOf(document, "slow").detail).toMatch(
        /converge: not done within 14s \(timeouts\.promote\); last seen: \S+_app 0\/1, starting$/,
      );
      expect([notes.record(), slow.record()]).toEqual([null, null]);
      expect(shortObjectsOf(world.domain)).toEqual([]);
      world.configure({ timeouts: { deploy: "60s", promote: "3m" } });
      notes.publish("1.0.1+1");
      notes.set({ broken: { "1.0.0+1": "its warm app answers 404" } });
      const next = await world.json("run", "notes");
      expect(labelsOf(next.document), detailsOf(next.document)).toEqual({
        notes: "PASS (promoted 1.0.1+1; data not proven)",
      });
    },
    LIMIT_MS,
  );

  it(
    "live-provider: a foreign stack at the warm domain of a seed is refused and stays as it is",
    async () => {
      const world = await worldForTest();
      const site = world.recipe("site", { ...PLAIN, releases: ["1.0.0+1"] });
      const word = await deployByHand(site.stack, "echo foreign >/data/word");
      const container = containerOf(`${site.stack}_app`);
      // It does not answer over HTTP: only its objects say that it is there.
      const { document, exit } = await world.json("run", "site");
      expect(labelsOf(document), detailsOf(document)).toEqual({
        site: "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
      });
      expect(exit).toBe(3);
      expect(rowOf(document, "site").detail).toContain(`service ${site.stack}_app`);
      expect(containerOf(`${site.stack}_app`)).toBe(container);
      expect(word()).toBe("foreign");
    },
    LIMIT_MS,
  );

  it(
    "a live canonical whose promotion fails runs again as it was, and the next release takes its place",
    async () => {
      const world = await worldForTest();
      const portal = world.recipe("portal", {
        tests: PLAIN_TESTS,
        settings: { warm: "live" },
        releases: ["1.0.0+1"],
      });
      const page = () => curl(world, portal.domain);
      const seeded = await world.json("run", "portal");
      expect(rowOf(seeded.document, "portal").label).toBe("PASS (promoted 1.0.0+1; data not proven)");
      expect(await page()).toBe("1.0.0+1");
      const record = world.read("canonical", "portal", "canonical.json");

      portal.set({ timeouts: { promote: "20s" } });
      portal.publish("1.1.0+1", { begin: ONLY_WARM("rm /www/index.html") });
      const failed = await world.json("run", "portal");
      expect(labelsOf(failed.document), detailsOf(failed.document)).toEqual({
        portal: "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)",
      });
      expect(await page()).toBe("1.0.0+1");
      expect(world.read("canonical", "portal", "canonical.json")).toBe(record);
      const evidence = ["runs", failed.document.run, "portal", "warm", `${portal.stack}_app.log`];
      expect(world.read(...evidence)).toContain("release 1.1.0+1 serves at");

      portal.set({ timeouts: { promote: "3m" } });
      portal.publish("1.2.0+1");
      const next = await world.json("run", "portal");
      const row = rowOf(next.document, "portal");
      expect(row.label, row.detail).toBe("PASS (promoted 1.2.0+1; data not proven)");
      expect(row.promotion?.outageMs).toBeGreaterThan(0);
      expect(await page()).toBe("1.2.0+1");
    },
    LIMIT_MS,
  );

  it(
    "jwt-read-only, already-deployed: what only the retained data shows is rolled back, a kill in the middle too, and drift is settled",
    async () => {
      const world = await worldForTest();
      const notes = world.recipe("notes", {
        tests: heldTests(world),
        releases: ["1.0.0+1"],
        quirk: COUNTS_STARTS,
      });
      const seeded = await world.json("run", "notes");
      expect(labelsOf(seeded.document), detailsOf(seeded.document)).toEqual({
        notes: "PASS (promoted 1.0.0+1)",
      });
      const before = standing(world, notes);

      notes.publish("1.1.0+1", { begin: WRITES_ITS_CONFIG, compose: configOverData });
      const failed = await world.json("run", "notes");
      expect(labelsOf(failed.document), detailsOf(failed.document)).toEqual({
        notes: "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)",
      });
      expect(rowOf(failed.document, "notes").detail).toMatch(/app\.conf: Read-only file system/);
      expect(standing(world, notes)).toEqual(before);

      notes.publish("1.2.0+1");
      await killInPromotion(world, "notes");
      const recovery = await world.call("clean");
      expect(recovery.exit, recovery.stderr).toBe(0);
      expect(recovery.stdout).toMatch(
        /notes: the advance of 1\.2\.0\+1 .* was rolled back from its step sentinel/,
      );
      expect(standing(world, notes)).toEqual(before);

      await deployByHand(notes.stack, ":");
      const after = await world.json("run", "notes");
      expect(labelsOf(after.document), detailsOf(after.document)).toEqual({
        notes: "PASS (promoted 1.2.0+1)",
      });
      expect(rowOf(after.document, "notes").detail).toContain("drift: the idle canonical 1.0.0+1");
      expect(readInVolume(`${notes.stack}_data`, "notes")).toBe("the sentinel");
    },
    LIMIT_MS,
  );
});

const COUNTS_STARTS = { begin: "echo started >>/data/starts" };
/** The data of a canonical was started more than once, that of a base in a cold test was not. */
const WRITES_ITS_CONFIG = `${COUNTS_STARTS.begin}
[ "$(wc -l </data/starts)" -lt 3 ] || echo "token = new" >>/data/app.conf || exit 1`;

function configOverData(compose: Compose): void {
  const { app = {} } = compose.services;
  app.configs = [...(app.configs as unknown[]), { source: "app", target: "/data/app.conf" }];
  app.deploy = { ...(app.deploy as object), restart_policy: { delay: "500ms" } };
  compose.configs = { ...(compose.configs as object), app: { file: "README.md" } };
}

function healthyOnceServed(compose: Compose): void {
  withoutData(compose);
  const healthcheck = {
    test: ["CMD", "wget", "-qO", "-", "http://127.0.0.1/"],
    interval: "1s",
    retries: 1000,
  };
  compose.services.app = { ...compose.services.app, healthcheck };
}

/** All that a rollback must bring back. */
function standing(world: SwarmWorld, notes: SwarmRecipe) {
  const volume = `${notes.stack}_data`;
  return {
    record: world.read("canonical", "notes", "canonical.json"),
    kept: world.read("canonical", "notes", "kept", "secrets.json"),
    objects: shortObjectsOf(world.domain),
    notes: readInVolume(volume, "notes"),
    password: readInVolume(volume, "password"),
    starts: readInVolume(volume, "starts"),
    snapshot: existsSync(join(world.state, "snapshots", "notes")),
    promotion: world.read("canonical", "notes", "promotion.json"),
  };
}

/** What the app of a domain answers through the edge, which is in this very process. */
async function curl(world: SwarmWorld, domain: string): Promise<string> {
  const args = ["--fail", "--silent", "--header", `Host: ${domain}`, `http://${world.edge.address}/`];
  return (await promisify(execFile)("/usr/bin/curl", args)).stdout;
}

async function deployByHand(stack: string, script: string): Promise<() => string> {
  const compose = {
    version: "3.8",
    services: {
      app: {
        image: busyboxImage(),
        command: ["sh", "-c", `${script}; trap 'exit 0' TERM; while :; do sleep 0.2; done`],
        volumes: ["data:/data"],
        stop_grace_period: "2s",
        deploy: { endpoint_mode: "dnsrr" },
      },
    },
    volumes: { data: {} },
  };
  const args = ["stack", "deploy", "--compose-file", "-", stack];
  execFileSync(DOCKER, args, { input: JSON.stringify(compose), stdio: ["pipe", "ignore", "inherit"] });
  await expect.poll(() => containerOf(`${stack}_app`), { timeout: 60_000, interval: 200 }).not.toBe("");
  return () => docker("exec", containerOf(`${stack}_app`), "cat", "/data/word");
}
