import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { RunningProgram } from "../../support/program.ts";
import { isWaiting, letGo, waits } from "../../support/waiting.ts";
import { labelsOf } from "../../support/world.ts";
import { NEW, type Prepared, prepare, watch } from "./prepared.ts";

const PROMOTED = `PASS (promoted ${NEW})`;
const LATER = "2099-01-01";

const ends: (() => void | Promise<void>)[] = [];
let prepared: Prepared;
/** A sweep that holds the lock and waits in a test of `notes`. */
let holder: RunningProgram;

beforeAll(async () => {
  prepared = await prepare((end) => ends.push(end));
  const { notes, world } = prepared;
  notes.change({ files: { "tests/install/waits": waits(world) } });
  holder = world.start("--json", "sweep");
  await vi.waitUntil(() => isWaiting(world), { timeout: 120_000, interval: 20 });
});
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

function exceptionOf(recipe: string): {
  hold: { reason: string } | null;
  acknowledgement: { reason: string } | null;
} {
  return JSON.parse(readFileSync(prepared.at("exceptions", `${recipe}.json`), "utf8"));
}

describe("beside a sweep that is at work", () => {
  test("a command that needs the lock ends with 75 and names the holder, its command and its start", async (context) => {
    const { world } = prepared;
    const watched = watch(prepared);
    const refused = await Promise.all(
      [["sweep"], ["run", "other"], ["clean"], ["roll"], ["revoke", "notes", "--reason", "r"]].map((words) =>
        world.call(...words),
      ),
    );
    for (const { exit, stderr } of refused) {
      expect(exit, stderr).toBe(75);
      expect(stderr).toContain("(`sweep`, process ");
      expect(stderr).toContain(`process ${holder.child.pid}) since 20`);
      expect(stderr).toContain("canonical-sweep stop");
    }
    watched.came(context, "five commands want the lock that a sweep holds", "exit 75, each names the holder");
  });

  test("plan, status and history answer, and say who is at work", async (context) => {
    const { world } = prepared;
    const watched = watch(prepared);
    const [plan, status, history] = await Promise.all([
      world.call("plan"),
      world.json<{ atWork: { pid: number } }>("status"),
      world.call("history"),
    ]);
    expect(plan.exit, plan.stderr).toBe(0);
    expect(plan.stdout).toContain("is at work: cached facts are shown");
    expect(status.document.atWork.pid).toBe(holder.child.pid);
    expect(history.stdout).toContain("no report: at work, or cut short");
    watched.came(context, "plan, status and history beside a sweep", "they answer and name it");
  });

  test("twenty changes of exceptions at once all stay", async (context) => {
    const { world } = prepared;
    const watched = watch(prepared);
    const many = Array.from({ length: 20 }, (_, index) => {
      const recipe = index % 4 < 2 ? "notes" : "other";
      return [
        index % 2 === 0 ? "hold" : "acknowledge",
        recipe,
        "--reason",
        `reason ${index}`,
        "--until",
        LATER,
      ];
    });
    const made = await Promise.all(many.map((words) => world.call(...words)));
    expect(made.map(({ exit, stderr }) => (exit === 0 ? "" : stderr)).join("")).toBe("");
    for (const recipe of ["notes", "other"]) {
      const { hold, acknowledgement } = exceptionOf(recipe);
      expect([hold?.reason, acknowledgement?.reason]).toEqual([
        expect.stringMatching(/^reason \d+$/),
        expect.stringMatching(/^reason \d+$/),
      ]);
    }
    const released = await Promise.all([
      world.call("release", "notes"),
      world.call("release", "other"),
      world.call("acknowledge", "notes", "--reason", "known", "--until", LATER),
    ]);
    expect(released.map(({ exit }) => exit)).toEqual([0, 0, 0]);
    expect(exceptionOf("notes")).toMatchObject({ hold: null, acknowledgement: { reason: "known" } });
    expect(exceptionOf("other").acknowledgement).not.toBe(null);
    watched.came(context, "20 holds and acknowledgements of two recipes at once", "all exit 0, none is lost");
  });

  test("a lock file of garbage lets no second run in", async (context) => {
    const { world } = prepared;
    const watched = watch(prepared);
    const text = readFileSync(prepared.at("lock"), "utf8");
    appendFileSync(prepared.at("lock"), "\0\xff garbage");
    const sweep = await world.call("sweep");
    expect(sweep.exit).toBe(75);
    expect(sweep.stderr).toContain(`another run is at work in ${world.state}`);
    expect((await world.call("plan")).exit).toBe(0);
    expect((await world.call("status")).exit).toBe(0);
    writeFileSync(prepared.at("lock"), text);
    watched.came(context, "the text of a lock that is held is garbage", "exit 75 all the same");
  });

  test("a holder that is stopped still holds", async (context) => {
    const { world } = prepared;
    const watched = watch(prepared);
    holder.child.kill("SIGSTOP");
    try {
      const sweep = await world.call("sweep");
      expect(sweep.exit).toBe(75);
      expect(sweep.stderr).toContain(`process ${holder.child.pid}`);
    } finally {
      holder.child.kill("SIGCONT");
    }
    watched.came(context, "the holder of the lock is stopped (SIGSTOP)", "exit 75 names it");
  });

  test("a lock file that is removed under its holder lets no second run in", async (context) => {
    const { world } = prepared;
    const watched = watch(prepared);
    rmSync(prepared.at("lock"));
    for (let again = 0; again < 2; again++) {
      const sweep = await world.call("sweep");
      expect(sweep.exit, sweep.stderr).toBe(75);
      expect(sweep.stderr).toContain("is at work in");
    }
    watched.came(
      context,
      "the lock file is removed while a sweep holds it",
      "exit 75: the folder is locked too",
    );
  });

  test("the sweep that held the lock ends as usual", async (context) => {
    const { notes, world } = prepared;
    const watched = watch(prepared);
    letGo(world);
    const end = await holder.end;
    const labels = labelsOf(JSON.parse(end.stdout));
    expect(labels).toEqual({ notes: PROMOTED, other: PROMOTED });
    expect(notes.notes()).toContain("the sentinel of notes");
    expect(listed(prepared.at("canonical/notes/tests"))).toEqual([notes.record()?.keptTests]);
    watched.came(context, "a sweep beside which all of that was done", "promoted as ever", [
      prepared.at("canonical/notes/canonical.json"),
      prepared.at("canonical/notes/history.jsonl"),
      prepared.at("canonical/notes/tests"),
    ]);
  });
});

describe("once nobody holds the lock", () => {
  test("one of two sweeps that begin in the same instant works, and the other names it", async (context) => {
    const { notes, world } = prepared;
    prepared.reset();
    rmSync(`${world.root}/go`, { force: true });
    rmSync(`${world.root}/waiting`, { force: true });
    const watched = watch(prepared);
    const two = [world.start("--json", "sweep"), world.start("--json", "sweep")];
    const first = await Promise.race(two.map((program) => program.end));
    expect(first.exit, first.stderr).toBe(75);
    expect(first.stderr).toMatch(/run \S+ \(`sweep`, process \d+\) since 20|another run is at work/);
    letGo(world);
    const both = await Promise.all(two.map((program) => program.end));
    expect(both.map(({ exit }) => exit).sort()).toEqual([0, 75]);
    expect(notes.record()?.version).toBe(NEW);
    expect(notes.notes()).toContain("the sentinel of notes");
    expect(listed(prepared.at("canonical/notes/tests"))).toEqual([notes.record()?.keptTests]);
    watched.came(context, "two sweeps in the same instant", "one promotes, the other exits 75", [
      prepared.at("canonical/notes/canonical.json"),
      prepared.at("canonical/notes/history.jsonl"),
      prepared.at("canonical/notes/tests"),
    ]);
  });

  test.for([
    [
      "of a process that is dead",
      '{"pid":4194000,"started":"1","run":"r","command":"sweep","since":"2026-01-01T00:00:00Z"}\n',
    ],
    [
      "of another process with that id",
      `{"pid":${process.pid},"started":"1","run":"r","command":"sweep","since":"2026-01-01T00:00:00Z"}\n`,
    ],
    ["garbage", "\0\0\xff{"],
  ] as const)("the text of an unheld lock (%s) counts for nothing", async ([name, text], context) => {
    const { world } = prepared;
    prepared.reset();
    const watched = watch(prepared);
    writeFileSync(prepared.at("lock"), text);
    const status = await world.json<{ atWork: unknown }>("status");
    expect(status.document.atWork).toBe(null);
    const clean = await world.call("clean");
    expect(clean.exit, clean.stderr).toBe(0);
    watched.came(context, `the text of a free lock is ${name}`, "nobody is at work");
  });
});

// The tests that were green are kept by their content: those of the new record instead of the old one's.
function listed(folder: string): string[] {
  return readdirSync(folder).map((digest) => `sha256:${digest}`);
}
