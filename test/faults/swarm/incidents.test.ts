import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFailed } from "vitest";
import type { Report } from "../../../src/core/records/report.ts";
import { DOCKER } from "../../support/images.ts";
import { describeOnSwarm, docker } from "../../support/swarm.ts";
import { labelsOf, rowOf, until } from "../../support/world.ts";
import { type Compose, NOTES_TESTS, notesRelease } from "../../sweep-swarm/notes-recipe.ts";
import { containerOf, shortObjectsOf } from "../../sweep-swarm/objects.ts";
import { detailsOf, openWorld, type SwarmWorld } from "../../sweep-swarm/world.ts";
import type { SwarmRecipe } from "../../sweep-swarm/world-recipe.ts";
import { report } from "../fault.ts";
import type { FaultKind } from "../kinds.ts";
import { bytesOf, type Operator, startOperator } from "./operator.ts";

/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;
const PROMOTE_MS = 180_000;
/** What differs at the warm domain, as where only the retained data shows it. */
const ONLY_WARM = (script: string) => `case $DOMAIN in warm-*) ${script} ;; esac`;

let world: SwarmWorld;
let operator: Operator;
let notes: SwarmRecipe;
/** Its promotion waits in the test of the data for as long as this file is there. */
let hold: string;
let began: string;

/** All that a canonical is, but for the times of what is in its volume. */
function standing(): string {
  const texts = ["canonical.json", "kept/secrets.json", "kept/.env", "promotion.json"];
  return JSON.stringify([
    texts.map((name) => world.read("canonical", "notes", name)),
    shortObjectsOf(world.domain),
    bytesOf(`${notes.stack}_data`),
    existsSync(join(world.state, "snapshots", "notes")),
  ]);
}

function fault(kind: FaultKind, name: string, outcome: string, before: string, now = standing()) {
  return {
    kind,
    name,
    outcome,
    lost: now === before ? [] : [`was ${before}, is ${now}`],
    touched: operator.touched(),
  };
}

describeOnSwarm("incidents of canonicals on a swarm that others use too", () => {
  beforeAll(async () => {
    world = await openWorld("swarm", { timeouts: { deploy: "90s", promote: `${PROMOTE_MS}ms` } });
    operator = await startOperator();
    [hold, began] = [join(world.root, "hold"), join(world.root, "began")];
    world.configure({ environment: { EDGE: world.edge.address, HOLD: hold, BEGAN: began } });
    const { "tests/data/seed": seed = "", "tests/data/verify": verify = "" } = NOTES_TESTS;
    const waits =
      'if [ -z "$SWEEP_TIER" -a -e "$HOLD" ]; then touch "$BEGAN"; while [ -e "$HOLD" ]; do sleep 0.1; done; fi';
    notes = world.recipe("notes", {
      tests: { "tests/data/seed": seed, "tests/data/verify": `${verify}${waits}\n` },
      quirk: { compose: restartsAtOnce },
      releases: ["1.0.0+1"],
    });
  }, LIMIT_MS);

  afterAll(async () => {
    await operator?.close();
    await world?.close();
  }, LIMIT_MS);

  // Each goes on where the one before it ended.
  let failed = false;
  beforeEach((test) => {
    if (failed) test.skip("what it builds on has failed");
    onTestFailed(() => {
      failed = true;
    });
  });

  it(
    "jwt-read-only: what crashes on the retained data alone is seen in seconds and rolled back",
    async (context) => {
      const seeded = await world.json("run", "notes");
      expect(labelsOf(seeded.document), detailsOf(seeded.document)).toEqual({
        notes: "PASS (promoted 1.0.0+1)",
      });
      const before = standing();
      const begin = ONLY_WARM('echo "jwt = new" >/etc/jwt.ini || exit 1');
      notes.publish("1.1.0+1", { begin, compose: configOverJwt });
      const { document, exit } = await world.json("run", "notes");
      const row = rowOf(document, "notes");
      expect(row.label, row.detail).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)");
      expect(exit).toBe(3);
      expect(row.promotion?.durationMs).toBeLessThan(PROMOTE_MS / 2);
      expect(row.detail).toMatch(/\/etc\/jwt\.ini: Read-only file system/);
      const brief = briefOf(document);
      expect(brief).toMatch(/\/etc\/jwt\.ini: Read-only file system/);
      expect(brief).toMatch(/data: made anew → that of the canonical 1\.0\.0\+1, retained/);
      expect(brief).toContain("files of the release: README.md, abra.sh, compose.yml, start.sh");
      expect(brief).toMatch(/## start\.sh, line \d+\n\n(.*\n)*?.*> \d+ .*jwt = new/);
      const outcome = "cold green, promotion failed in seconds, old record and data";
      report(
        context,
        fault(
          "hostile input",
          "jwt-read-only: a release that writes where a config is mounted",
          outcome,
          before,
        ),
      );
    },
    LIMIT_MS,
  );

  it(
    "already-deployed, tainted-canonical: drift is settled, and no other state folder works on the lane meanwhile",
    async (context) => {
      notes.set({ broken: { "1.1.0+1": "it cannot write its tokens' key" } });
      notes.publish("1.2.0+1");
      deployByHand(notes, "1.0.0+1");
      await expect
        .poll(() => containerOf(`${notes.stack}_app`), { timeout: 60_000, interval: 200 })
        .not.toBe("");
      writeFileSync(hold, "");
      const promoting = world.json("run", "notes");
      await until(() => existsSync(began), LIMIT_MS);
      const other = world.beside();
      const before = standing();
      const second = await other.start("run", "notes").end;
      expect(second.exit, second.stderr).toBe(75);
      expect(second.stderr).toContain(`of the state folder with the id ${world.read("id")?.trim()}`);
      report(
        context,
        fault(
          "foreign object",
          "tainted-canonical: a second state folder on the lane of a promotion",
          "75, the holder named",
          before,
        ),
      );
      rmSync(hold);
      const { document } = await promoting;
      const row = rowOf(document, "notes");
      expect(row.label, row.detail).toBe("PASS (promoted 1.2.0+1)");
      expect(row.detail).toContain("drift: the idle canonical 1.0.0+1 was found deployed");
      expect(row.promotion?.sentinel).toBe("verified");
      const sentinel = execFileSync("/bin/cat", [join(mountpointOf(notes), "notes")], { encoding: "utf8" });
      const lost = sentinel.includes("the sentinel") ? [] : ["the sentinel"];
      const named = "already-deployed: an idle canonical was deployed by hand, configs and network too";
      report(context, {
        kind: "foreign object",
        name: named,
        outcome: "drift named, undeployed, promoted on its data",
        lost,
        touched: operator.touched(),
      });
    },
    LIMIT_MS,
  );

  it(
    "lost-secrets: without its password, kept or in Docker, no canonical starts, and its data stays",
    async (context) => {
      const kept = join(world.state, "canonical", "notes", "kept", "secrets.json");
      const password = world.read("canonical", "notes", "kept", "secrets.json") ?? "";
      rmSync(kept);
      docker("secret", "rm", `${notes.stack}_db_password_v1`);
      const before = dataOf(notes);
      notes.publish("1.3.0+1");
      const { document } = await world.json("run", "notes");
      const row = rowOf(document, "notes");
      expect(row.label, row.detail).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=1.2.0+1, expected 1.3.0+1)");
      expect(row.detail).toContain("FATAL: password authentication failed for user notes");
      report(
        context,
        fault(
          "bad state",
          "lost-secrets: kept values and Docker's secret are both gone",
          "promotion failed in the app's own words, old record and data",
          before,
          dataOf(notes),
        ),
      );
      writeFileSync(kept, password, { mode: 0o600 });
    },
    LIMIT_MS,
  );

  it(
    "tainted-canonical: a canonical whose word was taken back keeps its data until the next seed is proven",
    async (context) => {
      const revoked = await world.call("revoke", "notes", "--reason", "its run overlapped another");
      expect(revoked.exit, revoked.stderr).toBe(0);
      expect(notes.record()).toMatchObject({ status: "revoked", version: "1.2.0+1" });
      const before = standing();
      notes.publish("1.4.0+1", { begin: ONLY_WARM("exit 1") });
      const { document } = await world.json("run", "notes");
      const row = rowOf(document, "notes");
      expect(row.label, row.detail).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.4.0+1)");
      report(
        context,
        fault(
          "hostile input",
          "tainted-canonical: the seed after a revocation fails",
          "rolled back, the revoked record and its data kept",
          before,
        ),
      );
    },
    LIMIT_MS,
  );
});

function briefOf(document: Report): string {
  return world.read("runs", document.run, rowOf(document, "notes").brief ?? "") ?? "";
}

function dataOf({ stack }: SwarmRecipe): string {
  return JSON.stringify([world.read("canonical", "notes", "canonical.json"), bytesOf(`${stack}_data`)]);
}

function mountpointOf({ stack }: SwarmRecipe): string {
  return docker("volume", "inspect", "--format", "{{.Mountpoint}}", `${stack}_data`);
}

function restartsAtOnce(compose: Compose): void {
  const { app = {} } = compose.services;
  app.deploy = { ...(app.deploy as object), restart_policy: { delay: "500ms" } };
}

function configOverJwt(compose: Compose): void {
  restartsAtOnce(compose);
  const { app = {} } = compose.services;
  app.configs = [...(app.configs as unknown[]), { source: "jwt", target: "/etc/jwt.ini" }];
  compose.configs = { ...(compose.configs as object), jwt: { file: "README.md" } };
}

/** As somebody does who has a checkout: with the release's own files, and none of our labels. */
function deployByHand({ domain, stack }: SwarmRecipe, version: string): void {
  const folder = join(world.root, "by-hand");
  const files = notesRelease(version, { compose: restartsAtOnce });
  execFileSync("/bin/mkdir", ["-p", folder]);
  for (const [name, text] of Object.entries(files))
    if (typeof text === "string") writeFileSync(join(folder, name), text);
  const script = `. ./abra.sh; exec ${DOCKER} stack deploy --resolve-image never -c compose.yml "$STACK_NAME"`;
  const env = { STACK_NAME: stack, DOMAIN: domain, SECRET_DB_PASSWORD_VERSION: "v1" };
  execFileSync("/bin/sh", ["-c", script], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
}
