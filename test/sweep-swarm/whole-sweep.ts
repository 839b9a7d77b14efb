import { afterAll, beforeAll, beforeEach, expect, it, onTestFailed } from "vitest";
import type { Report } from "../../src/core/records/report.ts";
import { describeOnSwarm, docker } from "../support/swarm.ts";
import { labelsOf, rowOf } from "../support/world.ts";
import { ASK, NOTES_TESTS, PLAIN_TESTS, withoutData } from "./notes-recipe.ts";
import { containerOf, readInVolume, shortObjectsOf, startWitness, type Witness } from "./objects.ts";
import { detailsOf, openWorld, type SwarmWorld } from "./world.ts";
import type { SwarmRecipe } from "./world-recipe.ts";

/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;

/** A client of the portal is made once: a retry that finds the old one fails, as with a real one. */
const CLIENT = "client of $SWEEP_DOMAIN";
const SETUP = {
  "setup/portal": `${ASK}clients=$SWEEP_PROVIDER_URL/cgi-bin/notes
if ask "$clients" | grep -qxF "${CLIENT}"; then echo "error: the client exists already"; exit 1; fi
ask --data "${CLIENT}" "$clients"
echo "PORTAL_CLIENT=known-to-$SWEEP_PROVIDER_URL"\n`,
  "setup/portal-undo": `${ASK}ask --data "${CLIENT}" "$SWEEP_PROVIDER_URL/cgi-bin/notes?remove"\n`,
  "tests/install/has-a-client": `${ASK}ask "$SWEEP_URL/client" | grep -q "^known-to-http://warm-portal"\n`,
  // What a test leaves in a checkout must never reach the next deploy.
  "tests/custom/makes-a-mess": `#!/bin/bash
for file in $(find "\${SWEEP_SCRATCH%/*}" -name compose.yml); do echo "# changed" >>"$file"; touch "$(dirname "$file")/left"; done\n`,
};

/** The main job from end to end on a real swarm, through one driver. */
export function describeWholeSweep(driver: "swarm" | "abra"): void {
  describeOnSwarm(`a whole sweep, driver ${driver}`, () => {
    let world: SwarmWorld;
    let notes: SwarmRecipe;
    let portal: SwarmRecipe;
    let witness: Witness;
    let first: Report;

    beforeAll(async () => {
      world = await openWorld(driver);
      world.recipe("site", { tests: PLAIN_TESTS, quirk: { compose: withoutData }, releases: ["0.1.0+v1"] });
      portal = world.recipe("portal", {
        settings: { warm: "live" },
        tests: PLAIN_TESTS,
        releases: ["2.0.0+2"],
      });
      notes = world.recipe("notes", {
        settings: {
          requires: [
            { recipe: "portal", mode: "live", setup: "setup/portal", teardown: "setup/portal-undo" },
            { recipe: "site", mode: "ephemeral" },
          ],
        },
        files: SETUP,
        tests: NOTES_TESTS,
        quirk: { begin: 'printf %s "$PORTAL_CLIENT" >/www/client' },
        releases: ["1.0.0+1.0", "1.1.0+1.1"],
      });
      witness = await startWitness(`witness_${world.domain.replaceAll(".", "_")}_data`);
    }, LIMIT_MS);

    afterAll(() => world?.close(), LIMIT_MS);

    // Each goes on where the one before it ended.
    let failed = false;
    beforeEach((test) => {
      if (failed) test.skip("what it builds on has failed");
      onTestFailed(() => {
        failed = true;
      });
    });

    function expectNothingElse(): void {
      expect(shortObjectsOf(world.domain).filter((line) => !line.includes("portal"))).toEqual([
        "container witness_data",
        "secret warm-notes_db_password_v1",
        "service witness_data",
        "volume warm-notes_data",
        "volume witness_data",
      ]);
    }

    it(
      "promotes three recipes, with everything read back from the swarm",
      async () => {
        const { document, exit } = await world.json("sweep");
        first = document;
        expect(labelsOf(document), detailsOf(document)).toEqual({
          notes: "PASS (promoted 1.1.0+1.1)",
          portal: "PASS (promoted 2.0.0+2; data not proven)",
          site: "PASS (promoted 0.1.0+v1; data not proven)",
        });
        expect(exit).toBe(0);
        expect(rowOf(document, "notes").tiers.map(({ tier, status }) => `${tier} ${status}`)).toEqual([
          "install passed",
          "upgrade passed",
          "backup passed",
          "restore passed",
          "custom passed",
        ]);
        const record = notes.record();
        expect(record).toMatchObject({
          version: "1.1.0+1.1",
          commit: notes.upstream.git("rev-parse", "1.1.0+1.1^{commit}"),
          tagObject: notes.upstream.git("rev-parse", "1.1.0+1.1"),
          status: "idle",
          run: document.run,
          volumes: [{ name: `${notes.stack}_data`, bytes: expect.any(Number) }],
          secrets: [`${notes.stack}_db_password_v1`],
          images: [{ service: "app", digest: expect.stringContaining("sha256:") }],
          sentinel: "planted",
        });
        expect(readInVolume(`${notes.stack}_data`, "notes")).toBe("the sentinel");
      },
      LIMIT_MS,
    );

    it("leaves nothing but the canonicals, and touches nothing of the operator's", () => {
      expectNothingElse();
      witness.expectUntouched();
    });

    it("self-deadlock: a provider that is enrolled itself is deployed inside the test that requires it", () => {
      const log = world.read("runs", first.run, "notes", "prepare.log") ?? "";
      expect(log).toMatch(/deploying 0\.1\.0\+v1 \(.*\) at site-/);
    });

    it("provider-credentials: what a setup made in a live provider is undone after the test", () => {
      expect(readInVolume(`${portal.stack}_data`, "notes")).toBe("");
    });

    it(
      "run-twice: the second sweep is quiet and the live provider stays the same container",
      async () => {
        const before = containerOf(`${portal.stack}_app`);
        const { document, exit } = await world.json("sweep");
        expect(new Set(Object.values(labelsOf(document))), detailsOf(document)).toEqual(
          new Set(["SKIP no-new-version"]),
        );
        expect(exit).toBe(0);
        expect(containerOf(`${portal.stack}_app`)).toBe(before);
      },
      LIMIT_MS,
    );

    it(
      "lost-secrets: a new tag advances on the retained data, with the password it was made with",
      async () => {
        const password = readInVolume(`${notes.stack}_data`, "password");
        // Docker cannot give it back: only what was kept can.
        docker("secret", "rm", `${notes.stack}_db_password_v1`);
        notes.publish("1.2.0+1.2");
        const { document, exit } = await world.json("sweep");
        const row = rowOf(document, "notes");
        expect([row.label, row.promotion?.sentinel], row.detail).toEqual([
          "PASS (promoted 1.2.0+1.2)",
          "verified",
        ]);
        expect(exit).toBe(0);
        expect(readInVolume(`${notes.stack}_data`, "notes")).toBe("the sentinel");
        expect(readInVolume(`${notes.stack}_data`, "password")).toBe(password);
        expect(notes.record()).toMatchObject({ version: "1.2.0+1.2", run: document.run });
      },
      LIMIT_MS,
    );

    it(
      "--quick tests on a copy of the canonical, which stays as it is",
      async () => {
        const record = notes.record();
        const { document, exit } = await world.json("run", "notes", "--quick");
        const row = rowOf(document, "notes");
        expect(row.label, row.detail).toBe("PASS-NOT-PROMOTED (1.2.0+1.2; by-request: --quick)");
        expect(row.tiers.find(({ tier }) => tier === "install")?.tests?.map(({ name }) => name)).toContain(
          "data/verify",
        );
        expect(exit).toBe(0);
        expect(notes.record()).toEqual(record);
        expect(readInVolume(`${notes.stack}_data`, "notes")).toBe("the sentinel");
      },
      LIMIT_MS,
    );

    it("leaves nothing behind in the end", () => {
      expectNothingElse();
      witness.expectUntouched();
    });
  });
}
