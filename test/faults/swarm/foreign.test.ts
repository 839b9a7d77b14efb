import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LEASE_NAME } from "../../../src/lane/lease.ts";
import { describeOnSwarm, docker } from "../../support/swarm.ts";
import { labelsOf, rowOf, until } from "../../support/world.ts";
import { NOTES_TESTS, PLAIN_TESTS, withoutData } from "../../sweep-swarm/notes-recipe.ts";
import { containerOf, shortObjectsOf } from "../../sweep-swarm/objects.ts";
import { detailsOf, openWorld, type SwarmWorld } from "../../sweep-swarm/world.ts";
import type { SwarmRecipe } from "../../sweep-swarm/world-recipe.ts";
import { report } from "../fault.ts";
import { bytesOf, exists, type Operator, startOperator } from "./operator.ts";

const NAMESPACE = "com.docker.stack.namespace";
/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;

let world: SwarmWorld;
let operator: Operator;
let notes: SwarmRecipe;

function foreign(name: string, outcome: string, lost: string[] = []) {
  return { kind: "foreign object", name, outcome, lost, touched: operator.touched() } as const;
}

describeOnSwarm("the whole program beside things of others", () => {
  beforeAll(async () => {
    world = await openWorld();
    operator = await startOperator();
    const { "tests/data/seed": seed = "", "tests/data/verify": verify = "" } = NOTES_TESTS;
    const tests = { "tests/data/seed": seed, "tests/data/verify": verify };
    notes = world.recipe("notes", { tests, releases: ["1.0.0+1"] });
  }, LIMIT_MS);

  afterAll(async () => {
    await operator?.close();
    await world?.close();
  }, LIMIT_MS);

  it(
    "refuses a seed where somebody's things have its names, and no clean touches them",
    async (context) => {
      const { stack } = notes;
      const other = { "canonical-sweep.state": "0123456789abcdef", "canonical-sweep.run": "another" };
      const cold = {
        ...other,
        "canonical-sweep.instance": "cold",
        "canonical-sweep.stack": `cold_${operator.word}`,
      };
      const lines = [
        `volume ${operator.volume(`${stack}_data`, { ...other, "canonical-sweep.stack": stack })}`,
        `secret ${operator.secret(`${stack}_db_password_v1`)}`,
        `config ${operator.config(`${stack}_start`)}`,
        `network ${operator.network(`${stack}_internal`)}`,
      ];
      operator.volume(`${operator.word}-cold`, cold);
      const { document, exit } = await world.json("run", "notes");
      expect(labelsOf(document), detailsOf(document)).toEqual({
        notes: "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
      });
      expect(exit).toBe(3);
      for (const line of lines) expect(rowOf(document, "notes").detail).toContain(line);
      expect(notes.record()).toBeNull();
      report(
        context,
        foreign(
          "a volume, secret, config and network with the names of a seed's",
          "promotion refused, each named",
        ),
      );
      const dry = await world.json<{ removed: string[] }>("clean", "--dry-run");
      expect([dry.exit, dry.document.removed]).toEqual([0, []]);
      const clean = await world.json<{ removed: string[] }>("clean");
      expect([clean.exit, clean.document.removed], clean.stderr).toEqual([0, []]);
      report(
        context,
        foreign("the same, and a cold volume of another state folder, at a clean", "nothing removed"),
      );
      const discard = await world.json<{ removed: string[] }>("clean", "--discard", "notes");
      expect([discard.exit, discard.document.removed], discard.stderr).toEqual([0, []]);
      report(context, foreign("the same, at a clean --discard of that recipe", "nothing removed"));
      for (const line of lines) await operator.remove(...(line.split(" ") as ["volume", string]));
    },
    LIMIT_MS,
  );

  it(
    "calls a release green whose test makes things outside of its stack, and leaves them",
    async (context) => {
      const made = `${operator.word}-by-test`;
      notes.write({
        "tests/install/makes-things": `#!/bin/bash\ndocker volume inspect ${made} || { docker volume create ${made} && docker network create ${made}; }\n`,
      });
      const { document } = await world.json("run", "notes");
      expect(labelsOf(document), detailsOf(document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
      expect([exists("volume", made), exists("network", made)]).toEqual([true, true]);
      operator.watch("volume", made);
      operator.watch("network", made);
      report(
        context,
        foreign("a recipe's test makes a volume and a network outside of its stack", "green, and left there"),
      );
    },
    LIMIT_MS,
  );

  it(
    "touches no data under a container of the operator's: the promotion is refused, the canonical as it was",
    async (context) => {
      const volume = `${notes.stack}_data`;
      const standing = () =>
        JSON.stringify([
          world.read("canonical", "notes", "canonical.json"),
          world.read("canonical", "notes", "kept", "secrets.json"),
          bytesOf(volume),
        ]);
      const before = standing();
      const lost = () => (standing() === before ? [] : ["the canonical of notes"]);
      const reader = operator.container(`${operator.word}-reader`, "--volume", `${volume}:/v:ro`);
      notes.publish("1.1.0+1");
      const { document } = await world.json("run", "notes");
      expect(labelsOf(document), detailsOf(document)).toEqual({
        notes: "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)",
      });
      expect(rowOf(document, "notes").detail).toContain(`container ${reader} still mounts ${volume}`);
      const named = "a container of the operator's reads an idle canonical's volume";
      report(context, foreign(`${named}, at an advance`, "refused, same record and data", lost()));
      expect((await world.call("clean")).exit).toBe(0);
      expect((await world.call("clean", "--discard", "notes")).exit).not.toBe(0);
      report(context, foreign(`${named}, at clean and clean --discard`, "nothing removed", lost()));
      expect((await world.call("revoke", "notes", "--reason", "a test")).exit).toBe(0);
      expect((await world.call("clean")).exit).toBe(0);
      const lostData = bytesOf(volume) === JSON.parse(before)[2] ? [] : [volume];
      report(context, foreign(`${named}, at a revocation`, "the word taken back, the data kept", lostData));
      await operator.remove("container", reader);
    },
    LIMIT_MS,
  );

  it(
    "leaves a service that somebody has put into the stack of a live canonical, and the canonical up",
    async (context) => {
      const portal = world.recipe("portal", {
        tests: PLAIN_TESTS,
        settings: { warm: "live" },
        quirk: { compose: withoutData },
        releases: ["1.0.0+1"],
      });
      const seeded = await world.json("run", "portal");
      expect(rowOf(seeded.document, "portal").label).toBe("PASS (promoted 1.0.0+1; data not proven)");
      const app = containerOf(`${portal.stack}_app`);
      const sidecar = await operator.service(`${portal.stack}_sidecar`, { [NAMESPACE]: portal.stack });
      portal.publish("1.1.0+1");
      const { document } = await world.json("run", "portal");
      expect(labelsOf(document), detailsOf(document)).toEqual({
        portal: "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)",
      });
      expect(rowOf(document, "portal").detail).toContain(`service ${sidecar}`);
      const lost = containerOf(`${portal.stack}_app`) === app ? [] : ["the live canonical of portal"];
      report(
        context,
        foreign(
          "a service put into a live canonical's stack by hand, at an advance",
          "refused, the canonical up",
          lost,
        ),
      );
      docker("service", "rm", `${portal.stack}_app`);
      const rolled = await world.json<{ rows: { result: string; detail: string }[] }>("roll");
      expect(rolled.document.rows).toMatchObject([
        { result: "failed", detail: expect.stringContaining(sidecar) },
      ]);
      report(context, foreign("the same, at a roll of the canonical that is down", "refused and named"));
      await operator.remove("service", sidecar);
      const again = await world.json<{ rows: { result: string }[] }>("roll");
      expect(again.document.rows).toMatchObject([{ result: "brought-up" }]);
    },
    LIMIT_MS,
  );

  it(
    "removes nothing of a test that runs now: not beside it, nor from a copy of its state folder",
    async (context) => {
      const [began, goOn] = [join(world.root, "began"), join(world.root, "go-on")];
      world.configure({ environment: { EDGE: world.edge.address, BEGAN: began, GO_ON: goOn } });
      const waits = '#!/bin/bash\ntouch "$BEGAN"; until [ -e "$GO_ON" ]; do sleep 0.1; done\n';
      const setup = { tests: { "tests/install/waits": waits }, quirk: { compose: withoutData } };
      world.recipe("slow", { ...setup, releases: ["1.0.0+1"] });
      const running = world.json("run", "slow", "--no-promote");
      await until(() => existsSync(began), LIMIT_MS);
      const before = shortObjectsOf(world.domain);
      const beside = await world.start("clean").end;
      expect([beside.exit, shortObjectsOf(world.domain)], beside.stderr).toEqual([75, before]);
      report(context, foreign("a clean beside a test that runs", "75, nothing removed"));
      const copy = world.beside();
      cpSync(world.state, copy.state, { recursive: true });
      const fromCopy = await copy.start("clean").end;
      expect([fromCopy.exit, shortObjectsOf(world.domain)], fromCopy.stderr).toEqual([75, before]);
      writeFileSync(goOn, "");
      const { document } = await running;
      expect(rowOf(document, "slow").label).toBe("PASS-NOT-PROMOTED (1.0.0+1; by-request: --no-promote)");
      report(
        context,
        foreign(
          "a clean from a copy of the state folder whose test runs",
          "75, nothing removed, no process ended",
        ),
      );
    },
    LIMIT_MS,
  );

  it(
    "takes no config for a lane's holder that it has not made, and adopts what it never removes",
    async (context) => {
      operator.config(LEASE_NAME);
      const refused = await world.start("run", "notes").end;
      expect([refused.exit, refused.stderr]).toEqual([
        75,
        expect.stringContaining("this program did not make"),
      ]);
      report(
        context,
        foreign("a config of the operator's has the name of the lane's own", "75, named, left alone"),
      );
      await operator.remove("config", LEASE_NAME);
      const keeper = world.recipe("keeper", { tests: PLAIN_TESTS, releases: ["1.0.0+1"] });
      operator.volume(`${keeper.stack}_data`);
      const adopted = await world.call("adopt", "keeper", "--version", "1.0.0+1");
      expect(adopted.exit, adopted.stderr).toBe(0);
      expect(keeper.record()).toMatchObject({ adopted: true, adoptedObjects: [`${keeper.stack}_data`] });
      expect((await world.call("clean")).exit).toBe(0);
      expect((await world.call("revoke", "keeper", "--reason", "a test")).exit).toBe(0);
      expect((await world.call("clean", "--discard", "keeper")).exit).not.toBe(0);
      report(
        context,
        foreign("an adopted volume, at clean, revoke and clean --discard", "kept, as it was made"),
      );
    },
    LIMIT_MS,
  );
});
