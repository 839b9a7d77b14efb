import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProgramEnd } from "../../support/program.ts";
import { answerOf, labelsOf, rowOf } from "../../support/world.ts";
import { DAMAGES, type Damage } from "./damage.ts";
import { NEW, type Prepared, prepare, type Watch, watch } from "./prepared.ts";

const BLOCKED = "BLOCKED (canonical-unreadable)";
const PROMOTED = `PASS (promoted ${NEW})`;

interface PlanDocument {
  rows: { recipe: string; action: string; reason: string; detail: string }[];
}

const ends: (() => void | Promise<void>)[] = [];
let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare((end) => ends.push(end));
});
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** Breaks a file of the state folder, anew for each line of a table. */
function broken(file: string, damage: Damage, content?: string): { path: string; watched: Watch } {
  prepared.reset();
  const path = prepared.at(file);
  mkdirSync(dirname(path), { recursive: true });
  if (content !== undefined) writeFileSync(path, content);
  DAMAGES[damage](path);
  return { path, watched: watch(prepared, path) };
}

async function statusOf(): Promise<ProgramEnd & { document: { problems: string[] } }> {
  const status = await prepared.world.json<{ problems: string[] }>("status");
  expect(status.exit, status.stderr).toBe(0);
  return status;
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

describe("unreadable exceptions block their recipe", () => {
  const HOLD = JSON.stringify({
    schema: 1,
    hold: { reason: "r", until: "2099-01-01", since: "2026-01-01T00:00:00Z" },
    acknowledgement: null,
  });

  test.for([
    "is empty",
    "is cut short in the middle",
    "is random bytes",
    "is NUL bytes, as after a power loss",
    "has a newer schema",
    "is a folder",
    "is a link that leads nowhere",
  ] as const)("that might be a hold: exceptions/notes.json %s", async (damage, context) => {
    const { world } = prepared;
    const { path, watched } = broken("exceptions/notes.json", damage, HOLD);
    const [plan, hold, release, status] = await Promise.all([
      world.json<PlanDocument>("plan"),
      world.call("hold", "notes", "--reason", "r", "--until", "2099-01-01"),
      world.call("release", "notes"),
      statusOf(),
    ]);
    const row = plan.document.rows.find((entry) => entry.recipe === "notes");
    expect(row).toMatchObject({ action: "BLOCKED", reason: "canonical-unreadable" });
    expect(row?.detail).toContain(path);
    for (const refused of [hold, release]) {
      expect(refused.exit).toBe(5);
      expect(refused.stderr).toContain(path);
      expect(refused.stderr).toContain("correct or remove that file");
    }
    expect(status.document.problems.join()).toContain(path);
    watched.came(
      context,
      `exceptions/notes.json ${damage}`,
      `${BLOCKED}; hold and release write nothing over it`,
    );
  });

  test("all of them where the folder of the exceptions is a file", async (context) => {
    prepared.reset();
    const path = prepared.at("exceptions");
    rmSync(path, { recursive: true, force: true });
    writeFileSync(path, "not a folder\n");
    const watched = watch(prepared, path);
    const plan = await prepared.world.json<PlanDocument>("plan");
    expect(plan.document.rows.map((row) => row.reason)).toEqual([
      "canonical-unreadable",
      "canonical-unreadable",
    ]);
    expect((await statusOf()).document.problems.join()).toContain(path);
    watched.came(context, "exceptions/ is a file", "every recipe is blocked, status still answers");
  });
});

describe("an unreadable report", () => {
  const newest = () => readdirSync(prepared.at("runs")).sort().at(-1) ?? "";

  test.for([
    "is empty",
    "is cut short in the middle",
    "is random bytes",
    "has a newer schema",
    "is a folder",
    "is a link that leads nowhere",
  ] as const)("of the last sweep is named: report.json %s", async (damage, context) => {
    prepared.reset();
    const { world } = prepared;
    const run = newest();
    const { path, watched } = broken(`runs/${run}/report.json`, damage);
    const [status, history, ofRecipe, show, plan] = await Promise.all([
      statusOf(),
      world.call("history"),
      world.call("history", "notes"),
      world.call("show", run),
      world.call("plan"),
    ]);
    expect(status.document.problems.join()).toContain(path);
    expect(history.exit).toBe(0);
    expect(history.stdout.replaceAll(/\s+/g, "")).toContain(`${path} `.slice(0, 40).trim());
    expect(ofRecipe.stdout).toContain("canonical seed 1.0.0+1");
    expect(show.exit).toBe(5);
    expect(show.stderr).toContain(path);
    expect(show.stderr).toContain(`canonical-sweep show ${run} --bundle FILE`);
    expect([0, 3, 4]).toContain(plan.exit);
    watched.came(context, `runs/…/report.json ${damage}`, "status, history and show name it; plan goes on");
  });

  test("with the id of another run is named, and a sweep goes on after it", async (context) => {
    prepared.reset();
    const { world } = prepared;
    const run = newest();
    const copy = prepared.at("runs", run.replace(/-.*/, "-0000000f"));
    cpSync(prepared.at("runs", run), copy, { recursive: true });
    const watched = watch(prepared, join(copy, "report.json"));
    expect((await statusOf()).document.problems.join()).toContain(join(copy, "report.json"));
    const sweep = await world.json("sweep");
    expect(labelsOf(sweep.document)).toEqual({ notes: PROMOTED, other: PROMOTED });
    expect(prepared.notes.notes()).toContain("the sentinel of notes");
    cameOfPromotion(
      context,
      watched,
      "runs/…/report.json is the report of another run",
      "named by status; the sweep goes on",
    );
  });
});

// A sweep promoted `notes` too: its record and history are no longer what they were, and are to be whole.
function cameOfPromotion(
  context: Parameters<Watch["came"]>[0],
  watched: Watch,
  name: string,
  outcome: string,
): void {
  expect(prepared.notes.record()?.version).toBe(NEW);
  expect(prepared.notes.notes()).toContain("the sentinel of notes");
  const replaced = ["canonical.json", "history.jsonl"].map((file) => prepared.at("canonical/notes", file));
  watched.came(context, name, outcome, replaced);
}

describe("an unreadable history", () => {
  test.for([
    "is cut short in the middle",
    "is random bytes",
    "is NUL bytes, as after a power loss",
    "is a folder",
    "is a link that leads nowhere",
  ] as const)("is named: history.jsonl %s", async (damage, context) => {
    const { world } = prepared;
    const { path, watched } = broken("canonical/notes/history.jsonl", damage);
    const [plan, history, status] = await Promise.all([
      world.json<PlanDocument>("plan"),
      world.call("history", "notes"),
      statusOf(),
    ]);
    expect(plan.document.rows.map((row) => row.action)).toEqual(["RUN", "RUN"]);
    expect(history.exit, history.stderr).toBe(0);
    expect(status.exit).toBe(0);
    // A torn last line is what a kill leaves: no reader speaks of it.
    if (damage !== "is cut short in the middle") expect(flat(history.stdout)).toContain("cannot be read");
    watched.came(context, `history.jsonl ${damage}`, "history names it and shows the labels; plan goes on");
    expect(path).toContain("history.jsonl");
  });

  test("keeps its foreign lines when a promotion adds its own", async (context) => {
    prepared.reset();
    const { world } = prepared;
    const path = prepared.at("canonical/notes/history.jsonl");
    appendFileSync(path, "\0\0\0 what a power loss left");
    const before = readFileSync(path);
    const watched = watch(prepared);
    expect(labelsOf((await world.json("sweep")).document)).toEqual({ notes: PROMOTED, other: PROMOTED });
    const after = readFileSync(path);
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
    expect(after.toString()).toContain('"event":"advance"');
    cameOfPromotion(
      context,
      watched,
      "history.jsonl ends in NUL bytes, and a promotion follows",
      "the line stands after them",
    );
  });
});

describe("an unreadable list of deployed apps", () => {
  test.for(["is cut short in the middle", "is random bytes", "has a newer schema", "is a folder"] as const)(
    "is named: deployed/warm-notes.ci.test.json %s",
    async (damage, context) => {
      const { world, notes } = prepared;
      const { path, watched } = broken(
        `deployed/${notes.record()?.domain}.json`,
        damage,
        '{"schema": 1, "app": {}}\n',
      );
      const clean = await world.call("clean");
      expect(clean.exit, clean.stderr).toBe(0);
      expect(clean.stderr).toContain(path);
      expect(flat(clean.stderr)).toContain("undeploy it by hand, then move the file away");
      if (damage === "is cut short in the middle") {
        const sweep = await world.json("sweep");
        expect(rowOf(sweep.document, "notes").label).toBe(
          `GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected ${NEW})`,
        );
        expect(rowOf(sweep.document, "notes").detail).toContain(path);
        expect(rowOf(sweep.document, "other").label).toBe(PROMOTED);
      }
      watched.came(
        context,
        `deployed/<domain>.json ${damage}`,
        "named by every run, nothing is deployed over it",
        ["canonical/notes/history.jsonl"].map((file) => prepared.at(file)),
      );
    },
  );
});

describe("an unreadable mirror", () => {
  test.for([
    "is empty",
    "is random bytes",
    "has a newer schema",
    "is a folder",
    "is a link that leads nowhere",
  ] as const)("blocks an offline plan alone: mirrors/notes.refs.json %s", async (damage, context) => {
    const { world } = prepared;
    const { path, watched } = broken("mirrors/notes.refs.json", damage);
    const offline = await world.json<PlanDocument>("plan", "--no-sync");
    const row = offline.document.rows.find((entry) => entry.recipe === "notes");
    expect(row).toMatchObject({ action: "BLOCKED", reason: "sync-failed" });
    expect(row?.detail).toContain(path);
    const plan = await world.json<PlanDocument>("plan");
    expect(plan.document.rows.map((entry) => entry.action)).toEqual(["RUN", "RUN"]);
    if (damage === "is a folder") expect(plan.stderr).toContain(path);
    watched.came(
      context,
      `mirrors/notes.refs.json ${damage}`,
      "plan --no-sync is blocked and names it; plan asks upstream again",
      damage === "is a folder" ? [] : [path],
    );
  });

  const MIRRORS: Readonly<Record<string, (bare: string) => void>> = {
    "is a file": (bare) => {
      rmSync(bare, { recursive: true });
      writeFileSync(bare, "not a repository\n");
    },
    "is a link that leads nowhere": (bare) => {
      rmSync(bare, { recursive: true });
      symlinkSync(join(dirname(bare), "nowhere"), bare);
    },
    "has an empty HEAD and no objects": (bare) => {
      writeFileSync(join(bare, "HEAD"), "");
      rmSync(join(bare, "objects"), { recursive: true });
    },
  };

  test.for(Object.entries(MIRRORS))(
    "is made anew or named: mirrors/notes.git %s",
    async ([name, damage], context) => {
      prepared.reset();
      const { world } = prepared;
      damage(prepared.at("mirrors/notes.git"));
      const watched = watch(prepared);
      const sync = await world.json("sweep", "--only-sync");
      const row = rowOf(sync.document, "notes");
      expect(rowOf(sync.document, "other").label).toBe("NOT-RUN (only-sync)");
      expect(["BLOCKED (sync-failed)", "NOT-RUN (only-sync)"]).toContain(row.label);
      if (row.label === "BLOCKED (sync-failed)")
        expect(row.detail).toContain(prepared.at("mirrors/notes.git"));
      else expect(row.warnings?.join()).toContain("rebuilt");
      const how = row.label.startsWith("BLOCKED")
        ? "BLOCKED (sync-failed), which names it"
        : "rebuilt from upstream";
      watched.came(context, `mirrors/notes.git ${name}`, how);
    },
  );
});

describe("a damaged file of the program itself", () => {
  test.for(["is empty", "is random bytes", "is a folder", "is a link that leads nowhere"] as const)(
    "ends the run, and nothing is made under another id: id %s",
    async (damage, context) => {
      const { world } = prepared;
      const { path, watched } = broken("id", damage);
      const [sweep, plan] = await Promise.all([world.call("sweep"), world.call("plan"), statusOf()]);
      expect(sweep.exit).toBe(5);
      expect(sweep.stderr).toContain(path);
      expect(plan.exit).toBe(0);
      watched.came(context, `id ${damage}`, "exit 5 names it, nothing is tested; plan and status answer");
    },
  );

  test.for(["is random bytes", "is a folder", "is a link that leads nowhere"] as const)(
    "does no harm where it is a cache: tools.json %s",
    async (damage, context) => {
      const { world } = prepared;
      const { path, watched } = broken("tools.json", damage);
      const sweep = await world.call("sweep", "--only-sync");
      expect(sweep.exit, sweep.stderr).toBe(0);
      watched.came(
        context,
        `tools.json ${damage}`,
        "looked up again",
        damage === "is a folder" ? [] : [path],
      );
    },
  );

  test("is not emptied where it is a folder: stop-request.json", async (context) => {
    const { world } = prepared;
    const { path, watched } = broken("stop-request.json", "is a folder", "{}");
    const sweep = await world.call("sweep");
    expect(sweep.exit).toBe(5);
    expect(sweep.stderr).toContain(path);
    expect(sweep.stderr).toContain("move it away");
    watched.came(context, "stop-request.json is a folder", "exit 5 names it and what to do");
  });

  test.for(["is a folder", "is a link that leads nowhere"] as const)(
    "keeps no run from working or is named: lock %s",
    async (damage, context) => {
      const { world } = prepared;
      const { path, watched } = broken("lock", damage);
      const sweep = await world.call("sweep", "--only-sync");
      await statusOf();
      if (damage === "is a folder") {
        expect(sweep.exit).toBe(5);
        expect(sweep.stderr).toContain(path);
        expect(sweep.stderr).toContain("move it away");
      } else expect(sweep.exit, sweep.stderr).toBe(0);
      const how = damage === "is a folder" ? "exit 5 names it and what to do" : "locked all the same";
      watched.came(context, `lock ${damage}`, how);
    },
  );
});

describe("a canonical of which data or record is missing", () => {
  test("is blocked as orphaned where its data has no record", async (context) => {
    prepared.reset();
    const { world } = prepared;
    rmSync(prepared.at("canonical/notes"), { recursive: true });
    const watched = watch(prepared);
    const plan = await world.json<PlanDocument>("plan");
    expect(plan.document.rows[0]).toMatchObject({ action: "BLOCKED", reason: "canonical-unreadable" });
    expect(plan.document.rows[0]?.detail).toContain(prepared.at("data/notes"));
    const sweep = await world.json("sweep");
    expect(labelsOf(sweep.document)).toEqual({ notes: BLOCKED, other: PROMOTED });
    expect(rowOf(sweep.document, "notes").detail).toContain("canonical-sweep adopt notes --version V");
    watched.came(context, "data/notes without a record", `${BLOCKED} until adopt or clean --discard`);
  });

  test("is blocked as orphaned where its data is a file without a record", async (context) => {
    prepared.reset();
    const { world } = prepared;
    rmSync(prepared.at("canonical/notes"), { recursive: true });
    rmSync(prepared.at("data/notes"), { recursive: true });
    writeFileSync(prepared.at("data/notes"), "a database in one file\n");
    const watched = watch(prepared);
    const plan = await world.json<PlanDocument>("plan");
    expect(plan.document.rows[0]).toMatchObject({ action: "BLOCKED", reason: "canonical-unreadable" });
    expect(plan.document.rows[0]?.detail).toContain(prepared.at("data/notes"));
    watched.came(context, "data/notes is a file, without a record", BLOCKED);
  });

  test("is not promoted where the data of its record is gone", async (context) => {
    prepared.reset();
    const { world } = prepared;
    rmSync(prepared.at("data/notes"), { recursive: true });
    const watched = watch(prepared);
    const sweep = await world.json("sweep");
    expect(labelsOf(sweep.document)).toEqual({
      notes: `GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected ${NEW})`,
      other: PROMOTED,
    });
    watched.came(context, "a record without its data", "GREEN-BUT-PROMOTE-FAILED, the old record stays", [
      prepared.at("canonical/notes/history.jsonl"),
    ]);
  });
});

test("a live canonical whose record is broken goes on running", async (context) => {
  const live = await prepare((end) => context.onTestFinished(end), { warm: "live" });
  const { world } = live;
  const path = live.at("canonical/notes/canonical.json");
  const pid = world.read("data/notes/run/pid");
  DAMAGES["is cut short in the middle"](path);
  const watched = watch(live, path);
  expect((await world.call("clean")).exit).toBe(0);
  const sweep = await world.json("sweep");
  expect(rowOf(sweep.document, "notes").label).toBe(BLOCKED);
  expect(await answerOf(world, "notes")).toContain("1.0.0+1");
  expect(world.read("data/notes/run/pid")).toBe(pid);
  watched.came(context, "the record of a live canonical is cut short", "BLOCKED; its app runs as before");
});
