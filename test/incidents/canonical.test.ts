import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { NODE } from "../support/program.ts";
import { SERVER } from "../support/sample-app.ts";
import { answerOf, createWorld, rowOf, until, type World } from "../support/world.ts";

const ONLY_WARM = '[ "$SWEEP_INSTANCE" = cold ] || ';

describe("a canonical", () => {
  it("lost-secrets: keeps the variables that it was seeded with, readable by their owner only, and gets them again", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      settings: { env: { DB_PASSWORD: "first-password" } },
      files: {
        "before-deploy.sh": [
          'echo "connecting with $DB_PASSWORD"',
          '[ -e "$SWEEP_DATA/password" ] || echo "$DB_PASSWORD" >"$SWEEP_DATA/password"',
          '[ "$(cat "$SWEEP_DATA/password")" = "$DB_PASSWORD" ] || { echo "error: authentication failed"; exit 1; }',
        ].join("\n"),
      },
      releases: ["1.0.0+1"],
    });
    await world.json("sweep");
    const kept = join(world.state, "canonical/notes/kept/.env");
    expect(world.read("canonical/notes/kept/.env")).toBe("DB_PASSWORD=first-password\n");
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    notes.publish("1.1.0+1");
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toBe("PASS (promoted 1.1.0+1)");
    expect(filesWith(world, document.run, "connecting with")).not.toEqual([]);
    expect(filesWith(world, document.run, "first-password")).toEqual([]);
  });

  it("already-deployed: that is idle and found running is named drift and stopped, and the promotion goes on", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      files: {
        "before-deploy.sh": `${ONLY_WARM}[ ! -e "$SWEEP_DATA/run/pid" ] || { echo "fatal: already deployed"; exit 1; }`,
      },
      releases: ["1.0.0+1"],
    });
    await world.json("sweep");
    const byHand = spawn(NODE, [SERVER, join(world.state, "data/notes"), "1.0.0+1"], {
      detached: true,
      stdio: "ignore",
      env: {},
    });
    await until(() => existsSync(join(world.state, "data/notes/run/port")));
    notes.publish("1.1.0+1");
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS (promoted 1.1.0+1)");
    expect(row.promotion?.notes?.join()).toMatch(/drift: .*1\.0\.0\+1.*deployed/);
    expect(row.detail).toContain("drift");
    expect(notes.notes()).toContain("the sentinel of notes");
    await until(() => byHand.exitCode !== null || byHand.signalCode !== null);
  });

  it("that is live is advanced with its data, the outage is reported, and it answers again", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    expect(notes.record()?.status).toBe("live");
    expect(await answerOf(world, "notes")).toBe("1.0.0+1");
    notes.publish("1.1.0+1");
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS (promoted 1.1.0+1)");
    expect(row.promotion).toMatchObject({ kind: "advance", sentinel: "verified", from: "1.0.0+1" });
    expect(row.promotion?.outageMs).toBeGreaterThan(0);
    expect(await answerOf(world, "notes")).toBe("1.1.0+1");
    expect(notes.notes()).toBe("the sentinel of notes\n");
    expect(world.processes()).toHaveLength(1);
  });

  it("that is live and fails its advance runs its old version on its old data, healthy again", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      settings: { warm: "live", timeouts: { promote: "6s" } },
      releases: ["1.0.0+1"],
    });
    await world.json("sweep");
    const record = notes.recordText();
    notes.publish("1.1.0+1", `${ONLY_WARM}{ echo spoilt >>"$SWEEP_DATA/notes.txt"; flags=(--status=500); }`);
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toBe(
      "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)",
    );
    expect(rowOf(document, "notes").promotion?.outageMs).toBeGreaterThan(0);
    expect(notes.recordText()).toBe(record);
    expect(notes.notes()).toBe("the sentinel of notes\n");
    expect(await answerOf(world, "notes")).toBe("1.0.0+1");
    expect(world.read("canonical/notes/promotion.json")).toBeNull();
    const history = world.read("canonical/notes/history.jsonl") ?? "";
    expect(
      history
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).event),
    ).toEqual(["seed", "rolled-back"]);
  });

  it("that is live and has died comes back by `roll`, at its version and on its data; a healthy one is left alone", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    notes.publish("1.1.0+1");
    for (const pid of world.processes()) process.kill(pid, "SIGKILL");
    await until(() => world.processes().length === 0);
    const rolled = await world.json<{ rows: object[] }>("roll");
    expect(rolled.document.rows).toMatchObject([
      { recipe: "notes", version: "1.0.0+1", result: "brought-up" },
    ]);
    expect(await answerOf(world, "notes")).toBe("1.0.0+1");
    expect(notes.notes()).toBe("the sentinel of notes\n");
    const before = world.processes();
    const again = await world.json<{ rows: object[] }>("roll");
    expect(again.document.rows).toMatchObject([{ result: "healthy" }]);
    expect(world.processes()).toEqual(before);
  });

  it("stays untouched by `run --quick`, which tests on a copy of its data", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    notes.publish("1.1.0+1");
    const log = world.read("data/notes/app.log");
    const before = [notes.recordText(), notes.notes(), log];
    const { document, exit } = await world.json("run", "notes", "--quick");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS-NOT-PROMOTED (1.1.0+1; by-request: --quick)");
    expect(row.tiers.map((end) => end.tier)).toEqual(["install", "backup", "restore"]);
    expect(row.notPlanned?.map((entry) => entry.tier)).toContain("upgrade");
    expect(exit).toBe(0);
    expect([notes.recordText(), notes.notes(), world.read("data/notes/app.log")]).toEqual(before);
  });

  it("that was promoted without tests of the data says that the data is not proven", async () => {
    const world = createWorld();
    const files = { "tests/data/seed": null, "tests/data/verify": null, "tests/data/damage": null };
    const notes = world.recipe("notes", { files, releases: ["1.0.0+1"] });
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toBe("PASS (promoted 1.0.0+1; data not proven)");
    expect(notes.record()?.sentinel).toBe("none");
    expect(rowOf(document, "notes").notPlanned?.find((entry) => entry.tier === "backup")?.reason).toContain(
      "tests/data/verify",
    );
  });
});

/** The files of a run's evidence that contain a text. */
function filesWith(world: World, run: string, text: string): string[] {
  const args = ["-rlF", "--exclude-dir=configuration", "--", text, join(world.state, "runs", run)];
  const { stdout } = spawnSync("grep", args, { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}
