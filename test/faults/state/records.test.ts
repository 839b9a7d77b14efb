import { copyFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labelsOf, rowOf } from "../../support/world.ts";
import { DAMAGES, type Damage } from "./damage.ts";
import { callAsNobody, NEW, type Prepared, prepare, watch } from "./prepared.ts";

interface PlanDocument {
  rows: { recipe: string; action: string; reason: string; detail: string }[];
}

const BLOCKED = "BLOCKED (canonical-unreadable)";
const PROMOTED = `PASS (promoted ${NEW})`;

const ends: (() => void | Promise<void>)[] = [];
let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare((end) => ends.push(end));
});
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** `plan` and `status` beside the damage: the recipe is blocked, the file is named, the other one goes on. */
async function look(file: string): Promise<void> {
  const { world } = prepared;
  const [plan, status, shown] = await Promise.all([
    world.json<PlanDocument>("plan"),
    world.json<{ problems: string[] }>("status"),
    world.call("status"),
  ]);
  const row = plan.document.rows.find((entry) => entry.recipe === "notes");
  expect(row).toMatchObject({ action: "BLOCKED", reason: "canonical-unreadable" });
  expect(row?.detail).toContain(file);
  expect(row?.detail).toContain("mend or restore");
  expect(plan.document.rows.find((entry) => entry.recipe === "other")).toMatchObject({ action: "RUN" });
  expect(plan.exit).toBe(3);
  expect(status.exit).toBe(0);
  if (!file.endsWith("promotion.json")) {
    expect(status.document.problems.join("\n")).toContain(file);
    expect(shown.stdout.replaceAll(/\s+/g, " ")).toContain("mend or restore such a file");
  }
}

/** `sweep`, `clean` and `clean --discard` beside the damage; the other recipe is promoted as ever. */
async function work(file: string): Promise<void> {
  const { world } = prepared;
  const cleaned = await world.call("clean", "--json");
  const { unsettled } = JSON.parse(cleaned.stdout) as { unsettled: string[] };
  expect(cleaned.exit, cleaned.stderr).toBe(unsettled.length === 0 ? 0 : 3);
  const discard = await world.call("clean", "--discard", "notes");
  expect(discard.exit, discard.stdout).not.toBe(0);
  const sweep = await world.json("sweep");
  expect(labelsOf(sweep.document)).toEqual({ notes: BLOCKED, other: PROMOTED });
  expect(rowOf(sweep.document, "notes").detail).toContain(file);
  expect(sweep.exit).toBe(3);
}

interface Line {
  file: string;
  damage: Damage;
  /** A sweep is tried beside it too, and `clean`. */
  isWorked?: boolean;
}

const lines = (file: string, damages: readonly Damage[], worked: readonly Damage[]): Line[] =>
  damages.map((damage) => ({ file, damage, isWorked: worked.includes(damage) }));

const ANY: readonly Damage[] = [
  "is empty",
  "is cut short in the middle",
  "is random bytes",
  "is NUL bytes, as after a power loss",
  "is JSON of another shape",
  "is a folder",
  "is a link that leads nowhere",
];

const TABLE: readonly Line[] = [
  ...lines(
    "canonical.json",
    [...ANY, "has a newer schema"],
    ["is cut short in the middle", "is a link that leads nowhere"],
  ),
  ...lines("kept/secrets.json", ANY, ["is cut short in the middle"]),
  ...lines(
    "kept/.env",
    ["is random bytes", "is NUL bytes, as after a power loss", "is a folder", "is a link that leads nowhere"],
    [],
  ),
  ...lines("kept", ["is a link that leads nowhere"], ["is a link that leads nowhere"]),
  ...lines("promotion.json", [...ANY, "has a newer schema"], ["is a folder"]),
];

describe("a broken record blocks its recipe alone, and stays as it is", () => {
  test.for(TABLE)("that is damaged: $file $damage", async ({ file, damage, isWorked }, context) => {
    prepared.reset();
    const path = prepared.at("canonical/notes", file);
    if (file === "promotion.json") writeFileSync(path, journal({ recipe: "notes", kind: "advance" }));
    DAMAGES[damage](path);
    const watched = watch(prepared, path);
    await look(path);
    if (isWorked === true) await work(path);
    const outcome = isWorked
      ? "BLOCKED (canonical-unreadable), the other recipe promoted; clean leaves it"
      : "plan and status name it, the other recipe goes on";
    watched.came(context, `canonical/notes/${file} ${damage}`, outcome);
  });

  test("that is another recipe's record", async (context) => {
    prepared.reset();
    const path = prepared.at("canonical/notes/canonical.json");
    copyFileSync(prepared.at("canonical/other/canonical.json"), path);
    const watched = watch(prepared, path);
    await look(path);
    watched.came(context, "canonical/notes/canonical.json is the record of another recipe", BLOCKED);
  });

  test("beside another recipe's promotion, which removes nothing", async (context) => {
    prepared.reset();
    const path = prepared.at("canonical/notes/promotion.json");
    writeFileSync(path, journal({ recipe: "other", kind: "seed" }));
    const watched = watch(prepared, path);
    await work(path);
    watched.came(context, "promotion.json is the seed of another recipe", BLOCKED);
  });

  test("beside a seed's promotion, which removes nothing", async (context) => {
    prepared.reset();
    const path = prepared.at("canonical/notes/promotion.json");
    writeFileSync(path, journal({ recipe: "notes", kind: "seed" }));
    const watched = watch(prepared, path);
    await work(path);
    watched.came(context, "promotion.json is of a seed, and there is a record", BLOCKED);
  });

  test("beside a promotion without its snapshot, which keeps the data", async (context) => {
    prepared.reset();
    const path = prepared.at("canonical/notes/promotion.json");
    writeFileSync(path, journal({ recipe: "notes", kind: "advance", hadData: true, snapshotComplete: true }));
    const watched = watch(prepared, path);
    await work(path);
    const said = prepared.world.report().recipes.find((row) => row.recipe === "notes")?.detail;
    expect(said).toContain(path);
    watched.came(context, "promotion.json says that a snapshot is complete, and it is gone", BLOCKED);
  });

  test.for(["canonical.json", "kept/secrets.json", "promotion.json"])(
    "that the user of the program may not read: %s",
    async (file, context) => {
      prepared.reset();
      const { world } = prepared;
      const path = prepared.at("canonical/notes", file);
      if (file === "promotion.json") writeFileSync(path, journal({ recipe: "notes", kind: "seed" }));
      DAMAGES["may not be read"](path);
      const watched = watch(prepared, path);
      const plan = await callAsNobody(world, "--json", "plan");
      const document = JSON.parse(plan.stdout) as PlanDocument;
      const row = document.rows.find((entry) => entry.recipe === "notes");
      expect(row).toMatchObject({ action: "BLOCKED", reason: "canonical-unreadable" });
      expect(row?.detail).toContain(`${path} cannot be read: EACCES`);
      const status = await callAsNobody(world, "--json", "status");
      expect(status.exit, status.stderr).toBe(0);
      watched.came(context, `canonical/notes/${file} may not be read by this user`, BLOCKED);
    },
  );

  test("in the place of its folder: the folder of a recipe is a file", async (context) => {
    prepared.reset();
    const path = prepared.at("data/notes");
    const folder = prepared.at("canonical/notes");
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "not a folder\n");
    const watched = watch(prepared, folder, path);
    await look(folder);
    expect((await prepared.world.call("clean", "--discard", "notes")).exit).not.toBe(0);
    watched.came(context, "canonical/notes is a file", BLOCKED);
  });

  test("and a record that is a link to a file elsewhere is read, and that file stays when the record is replaced", async (context) => {
    prepared.reset();
    const { world, notes, own } = prepared;
    const path = prepared.at("canonical/notes/canonical.json");
    const elsewhere = join(world.root, "elsewhere.json");
    copyFileSync(path, elsewhere);
    rmSync(path);
    symlinkSync(elsewhere, path);
    const before = readFileSync(elsewhere, "utf8");
    const sweep = await world.json("sweep");
    expect(labelsOf(sweep.document)).toEqual({ notes: PROMOTED, other: PROMOTED });
    expect(notes.record()?.version).toBe(NEW);
    expect(readFileSync(elsewhere, "utf8")).toBe(before);
    expect(notes.notes()).toContain("the sentinel of notes");
    watch(prepared, own, elsewhere).came(
      context,
      "canonical.json is a link to a file elsewhere",
      "read and promoted, that file as it was",
    );
  });
});

function journal(of: Readonly<Record<string, unknown>>): string {
  const to = { version: NEW, commit: "a".repeat(40) };
  const from = of.kind === "seed" ? null : { version: "1.0.0+1", commit: "b".repeat(40) };
  return JSON.stringify({
    schema: 1,
    run: "20260101T000000000Z-00000000",
    from,
    to,
    step: "deploy",
    snapshotComplete: false,
    hadData: false,
    wasLive: false,
    secrets: [],
    configs: [],
    domain: "notes.ci.test",
    lane: "local",
    startedAt: "2026-01-01T00:00:00.000Z",
    ...of,
  });
}
