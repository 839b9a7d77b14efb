import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { VERIFY } from "../../support/sample-app.ts";
import { labelsOf, rowOf, type World } from "../../support/world.ts";
import { inspect, lostSince } from "./damage.ts";
import { NEW, type Prepared, prepare, watch } from "./prepared.ts";
import { mountSmallDisk, NO_MOUNT, type SmallDisk } from "./small-disk.ts";

const PROMOTED = `PASS (promoted ${NEW})`;
const ROLLED_BACK = `GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected ${NEW})`;
const IF_WARM = `[ "$SWEEP_INSTANCE" = warm ] && [ "$SWEEP_VERSION" = ${NEW} ] && [ "$SWEEP_RECIPE" = notes ]`;
/** Takes all that is left of the disk; what it writes to is removed with the app's data. */
const FILL = 'dd if=/dev/zero of="$SWEEP_DATA/filler" bs=4096 2>/dev/null || true';

const IF_WARM_TEST = `[ "$SWEEP_DOMAIN" = warm-notes.ci.test ] && [ "$SWEEP_VERSION" = ${NEW} ]`;
const fillOf = (world: World) => `dd if=/dev/zero of=${world.state}/.filler bs=4096 2>/dev/null || true`;

const ends: (() => void | Promise<void>)[] = [];
let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare((end) => ends.push(end));
  prepared.world.configure({ disk: { minFree: "1B" } });
});
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** The state folder, as it was prepared, on a small disk of its own. */
function onSmallDisk(context: TestContext, options: string): SmallDisk {
  if (NO_MOUNT !== null) context.skip(NO_MOUNT);
  const disk = mountSmallDisk(prepared.world.state, options);
  context.onTestFinished(() => disk.unmount());
  prepared.reset();
  return disk;
}

const history = () => prepared.at("canonical/notes/history.jsonl");

describe("a full disk", () => {
  test.for([
    ["no space is left", "size=8m", "fill"],
    ["no inode is left", "size=8m,nr_inodes=2000", "useUpInodes"],
  ] as const)(
    "ends a run with 5 and the name of the state folder, where %s before it",
    async ([name, options, act], context) => {
      const { world } = prepared;
      const disk = onSmallDisk(context, options);
      disk[act]();
      const watched = watch(prepared);
      const [sweep, plan, status, hold] = [
        await world.call("sweep"),
        await world.json<{ rows: { action: string }[] }>("plan"),
        await world.call("status"),
        await world.call("hold", "notes", "--reason", "r", "--until", "2099-01-01"),
      ];
      expect(sweep.exit, sweep.stderr).toBe(5);
      expect(sweep.stderr).toContain(world.state);
      expect(sweep.stderr).toContain("free some space");
      expect(plan.document.rows.map((row) => row.action)).toEqual(["RUN", "RUN"]);
      expect(status.exit).toBe(0);
      expect(hold.exit).toBe(5);
      expect(hold.stderr).toContain("free some space");
      disk.free();
      const again = await world.json("sweep");
      expect(labelsOf(again.document).other).toBe(PROMOTED);
      expect(labelsOf(again.document).notes).toBe(PROMOTED);
      const replaced = [prepared.at("canonical/notes/canonical.json"), history()];
      expect(prepared.notes.notes()).toContain("the sentinel of notes");
      watched.came(
        context,
        `${name} before the run`,
        "exit 5 names the file; plan, status answer; then promoted",
        replaced,
      );
    },
  );

  test("disk-budget: is no red of the recipe where the new version fills it during its promotion", async (context) => {
    const { notes, world } = prepared;
    onSmallDisk(context, "size=8m");
    const watched = watch(prepared);
    notes.change({ files: { "before-deploy.sh": `if ${IF_WARM}; then ${FILL}; exit 1; fi\n` } });
    context.onTestFinished(() => notes.change({ files: { "before-deploy.sh": null } }));
    const sweep = await world.json("sweep");
    const row = rowOf(sweep.document, "notes");
    expect(row.label).toBe(ROLLED_BACK);
    expect(rowOf(sweep.document, "other").label).toBe(PROMOTED);
    expect(world.read("canonical/notes/promotion.json"), row.detail).toBe(null);
    watched.came(context, "the disk becomes full by the new version's deploy", "rolled back at once", [
      history(),
    ]);
  });

  test("disk-budget: prevents a promotion where grown data has no room for its snapshot", async (context) => {
    const { world } = prepared;
    onSmallDisk(context, "size=8m");
    writeFileSync(prepared.at("data/notes/large"), Buffer.alloc(3_500_000, 7));
    writeFileSync(prepared.at(".filler"), Buffer.alloc(2_000_000));
    const watched = watch(prepared);
    const sweep = await world.json("sweep");
    const row = rowOf(sweep.document, "notes");
    expect(row.label).toBe(ROLLED_BACK);
    expect(row.detail).toMatch(/no space left on device/i);
    expect(world.read("canonical/notes/promotion.json"), row.detail).toBe(null);
    watched.came(context, "the disk becomes full by the snapshot", "rolled back at once", [history()]);
  });

  test("disk-budget: prevents a snapshot that cannot fit before it begins", async (context) => {
    const { notes, world } = prepared;
    onSmallDisk(context, "size=8m");
    const record = { ...notes.record(), volumes: [{ name: "data", bytes: 50_000_000 }] };
    writeFileSync(prepared.at("canonical/notes/canonical.json"), JSON.stringify(record));
    const watched = watch(prepared);
    const sweep = await world.json("sweep");
    expect(rowOf(sweep.document, "notes").label).toContain(`PASS-NOT-PROMOTED (${NEW}; disk`);
    watched.came(context, "the budget is smaller than the snapshot", "PASS-NOT-PROMOTED, nothing begun");
  });

  test("disk-budget: counts a sparse file by its use of the disk, not by its length", async (context) => {
    const { notes, world } = prepared;
    onSmallDisk(context, "size=32m");
    const volumes = [{ name: "data", bytes: 60 * 1024 ** 3, used: 12_288 }];
    const record = { ...notes.record(), volumes };
    writeFileSync(prepared.at("canonical/notes/canonical.json"), JSON.stringify(record));
    const sweep = await world.json("sweep");
    expect(rowOf(sweep.document, "notes").label).toBe(PROMOTED);
  });

  test("disk-budget: that fills up once the new version is proven leaves the old record and the old data", async (context) => {
    const { notes, world } = prepared;
    const disk = onSmallDisk(context, "size=8m");
    const watched = watch(prepared);
    notes.change({
      files: { "tests/data/verify": `${VERIFY}if ${IF_WARM_TEST}; then ${fillOf(world)}; fi\n` },
    });
    context.onTestFinished(() => notes.change({ files: { "tests/data/verify": VERIFY } }));
    const sweep = await world.call("sweep");
    expect([3, 5]).toContain(sweep.exit);
    expect(sweep.stdout + sweep.stderr).toMatch(/no space left on device/i);
    expect(notes.record()?.version).toBe("1.0.0+1");
    disk.free();
    const clean = await world.call("clean");
    expect(clean.exit, clean.stderr).toBe(0);
    expect(world.read("canonical/notes/promotion.json")).toBe(null);
    watched.came(
      context,
      "the disk becomes full before the record is written, and stays full",
      "the old record and the old data, at once or by the next run",
      [history()],
    );
  });

  test("disk-budget: that fills up right after the record is written leaves a promotion that counts, and no half report", async (context) => {
    const { notes, world } = prepared;
    const disk = onSmallDisk(context, "size=8m");
    const watched = watch(prepared);
    notes.change({ commands: { undeploy: `./undeploy; if ${IF_WARM}; then ${fillOf(world)}; fi` } });
    context.onTestFinished(() => notes.change({ commands: { undeploy: "./undeploy" } }));
    const sweep = await world.call("sweep");
    expect(sweep.exit, sweep.stdout).toBe(5);
    expect(sweep.stderr).toContain("free some space");
    const run = world.runs().at(-1) ?? "";
    expect(sweep.stderr).toContain(prepared.at("runs", run));
    expect(world.read("runs", run, "report.json")).toBe(null);
    expect((await world.call("status")).exit).toBe(0);
    disk.free();
    notes.change({ commands: { undeploy: "./undeploy" } });
    const again = await world.json("sweep");
    expect(again.exit).toBe(0);
    expect(notes.record()).toMatchObject({ version: NEW, sentinel: "planted" });
    expect(notes.notes()).toContain("the sentinel of notes");
    watched.came(
      context,
      "the disk becomes full before the report is written",
      "exit 5 names the file, no half report, the records whole",
      [prepared.at("canonical/notes/canonical.json"), history()],
    );
  });
});

test("a state folder that is read-only ends each change with exit 5 and its name, and answers each look", async (context) => {
  const { world } = prepared;
  const disk = onSmallDisk(context, "size=8m");
  disk.remount("ro");
  const watched = watch(prepared);
  for (const words of [["sweep"], ["clean"], ["run", "notes"], ["revoke", "notes", "--reason", "r"]]) {
    const refused = await world.call(...words);
    expect(refused.exit, refused.stderr).toBe(5);
    expect(refused.stderr).toContain(world.state);
    expect(refused.stderr).toContain("make the folder writable");
  }
  const hold = await world.call("hold", "notes", "--reason", "r", "--until", "2099-01-01");
  expect([hold.exit, hold.stderr.includes("make the folder writable")]).toEqual([5, true]);
  const plan = await world.json<{ rows: { action: string }[] }>("plan");
  expect(plan.document.rows.map((row) => row.action)).toEqual(["RUN", "RUN"]);
  expect(plan.stderr).toContain("read-only file system");
  for (const words of [["status"], ["history"], ["history", "notes"], ["show", "latest"]])
    expect((await world.call(...words)).exit).toBe(0);
  watched.came(
    context,
    "the state folder is read-only",
    "what writes: exit 5 names the file; what looks answers",
  );
});

describe("a state folder in another place", () => {
  test("may lie on a path with a space and umlauts", async (context) => {
    const { world } = prepared;
    prepared.reset();
    const watched = watch(prepared);
    const place = join(world.root, "Ablage für Läufe");
    renameSync(world.state, place);
    const sweep = await world.json("--state", place, "sweep");
    expect(labelsOf(sweep.document)).toEqual({ notes: PROMOTED, other: PROMOTED });
    expect((await world.call("--state", place, "status")).exit).toBe(0);
    renameSync(place, world.state);
    expect(prepared.notes.notes()).toContain("the sentinel of notes");
    watched.came(context, "the state folder has a space and umlauts in its path", "promoted as ever", [
      prepared.at("canonical/notes/canonical.json"),
      history(),
    ]);
  });

  const PLACES: Readonly<Record<string, (place: string) => void>> = {
    "is a file": (place) => writeFileSync(place, "not a folder\n"),
    "is a link that leads nowhere": (place) => symlinkSync(`${place}-nowhere`, place),
  };

  test.for(Object.entries(PLACES))("is named with exit 5 where it %s", async ([name, make], context) => {
    const { world } = prepared;
    prepared.reset();
    const place = join(world.root, `place ${name}`);
    make(place);
    const before = inspect(place);
    const watched = watch(prepared);
    for (const command of ["sweep", "clean"]) {
      const refused = await world.call("--state", place, command);
      expect(refused.exit, refused.stderr).toBe(5);
      expect(refused.stderr).toContain(place);
      expect(refused.stderr).toContain("→");
    }
    const status = await world.json<{ problems: string[] }>("--state", place, "status");
    expect(status.document.problems.join()).toContain(place);
    expect(lostSince(before)).toEqual([]);
    rmSync(place);
    watched.came(context, `the state folder ${name}`, "exit 5 names it; status says so");
  });
});

test("the half-written file of a kill is gone after the next run", async (context) => {
  const { world } = prepared;
  prepared.reset();
  const left = [
    "canonical/notes/.0123456789ab.tmp",
    "canonical/notes/kept/.0123456789ab.tmp",
    "runs/20990101T000000000Z-00000000/.0123456789ab.tmp",
  ];
  for (const path of left) {
    mkdirSync(join(prepared.at(path), ".."), { recursive: true });
    writeFileSync(prepared.at(path), '{"half": ');
  }
  const watched = watch(prepared);
  expect((await world.call("clean")).exit).toBe(0);
  for (const path of left) expect(world.read(path), path).toBe(null);
  watched.came(
    context,
    "temporary files of a killed write",
    "removed by the next run",
    left.map((path) => prepared.at(path)),
  );
});
