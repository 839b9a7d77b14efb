import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/core/records/report.ts";
import { script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";
import { type Copy, copyWorld } from "./prepared.ts";

const ended: (() => void | Promise<void>)[] = [];
const copies: Copy[] = [];
const children: ChildProcess[] = [];
let root = "";

beforeAll(async () => {
  const world = createWorld({ upstream: "../upstreams/{recipe}" }, (end) => ended.push(end));
  const settings = { canonical: true, env: { GREETING: "hello" } };
  const notes = world.recipe("notes", { settings, releases: ["1.0.0+1"] });
  world.recipe("wiki", { releases: ["2.0.0+1"] });
  world.recipe("pads", { releases: ["1.0.0+1"], files: { "tests/custom/red": script("exit 1") } });
  world.recipe("empty");
  await world.call("sweep");
  notes.publish("1.1.0+1");
  await world.call("sweep");
  const { document } = await world.json("sweep");
  expect(labelsOf(document)).toEqual({
    empty: "SKIP never-released",
    notes: "SKIP no-new-version",
    pads: "FAIL (red at custom; canonical unchanged: none)",
    wiki: "SKIP no-new-version",
  });
  root = world.root;
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  for (const copy of copies) rmSync(copy.root, { recursive: true, force: true });
  for (const end of ended.toReversed()) await end();
});

function copyForTest(): Copy {
  const copy = copyWorld(root);
  copies.push(copy);
  return copy;
}

const at = (list: readonly string[], index: number) => list.at(index) ?? "none";
const record = (copy: Copy, recipe: string) => copy.path("canonical", recipe, "canonical.json");
const history = (copy: Copy, recipe: string) => copy.path("canonical", recipe, "history.jsonl");
const reportOf = (copy: Copy, index: number) => copy.path("runs", at(copy.runs, index), "report.json");
const journalOf = (copy: Copy, index: number) => copy.path("runs", at(copy.runs, index), "journal.jsonl");
const SHA = "0123456789012345678901234567890123456789";

function writeException(copy: Copy, recipe: string, kind: "hold" | "acknowledgement", until: string): void {
  const exception = { reason: "waits for #1", until, since: "2026-01-01T00:00:00.000Z" };
  const none = { schema: 1, hold: null, acknowledgement: null };
  mkdirSync(copy.path("exceptions"), { recursive: true });
  writeFileSync(copy.path("exceptions", `${recipe}.json`), JSON.stringify({ ...none, [kind]: exception }));
}

function changeRow(
  copy: Copy,
  index: number,
  recipe: string,
  change: (row: Report["recipes"][number]) => void,
) {
  copy.change<Report>(reportOf(copy, index), (report) => change(rowOf(report, recipe)));
}

describe("an audit of what real sweeps recorded", () => {
  it("finds nothing where nothing was changed, and changes nothing", async () => {
    const copy = copyForTest();
    const { exit, report } = await copy.audit();
    expect(report.findings).toEqual([]);
    expect(exit).toBe(0);
    expect(report).toMatchObject({ holds: true, runs: 3, notes: [] });
    expect(report.canonicals).toEqual([
      { recipe: "notes", version: "1.1.0+1" },
      { recipe: "wiki", version: "2.0.0+1" },
    ]);
  });
});

/** Each lie, what it does, and the rules that name it, with the recipe where it is about one. */
const LIES: [name: string, plant: (copy: Copy) => unknown, found: string[]][] = [
  [
    "a record copied from another recipe",
    (copy) => cpSync(record(copy, "wiki"), record(copy, "notes")),
    ["record-readable notes"],
  ],
  ["a record torn", (copy) => writeFileSync(record(copy, "notes"), "{"), ["record-readable notes"]],
  [
    "a record removed, its data left",
    (copy) => rmSync(record(copy, "notes")),
    ["record-readable notes", "newest-promotion notes", "history-leads notes"],
  ],
  [
    "the version of a record edited to a release that there is",
    (copy) => copy.record("notes", (value) => Object.assign(value, { version: "1.0.0+1" })),
    [
      ...["tag-upstream notes", "tag-mirror notes", "commit-kept notes", "run-passed notes"],
      ...["newest-promotion notes", "history-leads notes"],
    ],
  ],
  [
    "the commit of a record edited",
    (copy) => copy.record("notes", (value) => Object.assign(value, { commit: SHA })),
    [
      "tag-upstream notes",
      "tag-mirror notes",
      "commit-kept notes",
      "run-passed notes",
      "history-leads notes",
    ],
  ],
  [
    "the run that proved a canonical deleted",
    (copy) => rmSync(copy.path("runs", at(copy.runs, 1)), { recursive: true }),
    ["run-exists notes"],
  ],
  [
    "a label edited in a report, its outcome not",
    (copy) =>
      copy.edit(
        reportOf(copy, 0),
        /FAIL \(red at custom[^"]*/,
        "PASS-NOT-PROMOTED (1.0.0+1; by-request: --no-promote)",
      ),
    ["label-derived pads", "row-as-journaled pads"],
  ],
  [
    "an outcome edited in a report, its label not",
    (copy) =>
      changeRow(copy, 0, "pads", (row) => {
        row.outcome = { kind: "SKIP", code: "no-new-version", detail: "" };
      }),
    ["label-derived pads", "row-as-journaled pads", "counts-derived"],
  ],
  [
    "the outcome and the label edited in a report",
    (copy) =>
      changeRow(copy, 0, "pads", (row) => {
        row.outcome = { kind: "PASS-NOT-PROMOTED", code: "by-request", detail: "--no-promote" };
        row.label = "PASS-NOT-PROMOTED (1.0.0+1; by-request: --no-promote)";
      }),
    ["label-derived pads", "row-as-journaled pads", "counts-derived"],
  ],
  [
    "a label edited in a report, its counts with it",
    (copy) =>
      copy.change<Report>(reportOf(copy, 2), (report) => {
        rowOf(report, "pads").label = "SKIP no-new-version";
        Object.assign(report, { exit: 0, honesty: { ...report.honesty, failed: 0, skipped: 4 } });
      }),
    ["label-derived pads", "row-as-journaled pads", "counts-derived"],
  ],
  [
    "the tag of a canonical moved upstream",
    (copy) =>
      copy.upstream(
        "notes",
        "update-ref",
        "refs/tags/1.1.0+1",
        copy.upstream("notes", "rev-parse", "refs/tags/1.0.0+1"),
      ),
    ["tag-upstream notes"],
  ],
  [
    "the tag of a canonical deleted upstream",
    (copy) => copy.upstream("notes", "update-ref", "-d", "refs/tags/1.1.0+1"),
    ["tag-upstream notes"],
  ],
  [
    "another tag object of the same commit in the mirror",
    (copy) =>
      copy.mirror(
        "notes",
        "tag",
        "--force",
        "--annotate",
        "--message",
        "Other",
        "1.1.0+1",
        "1.1.0+1^{commit}",
      ),
    ["tag-mirror notes"],
  ],
  [
    "the kept commit let go of",
    (copy) =>
      copy.mirror(
        "notes",
        "update-ref",
        "-d",
        at(
          copy.mirror("notes", "for-each-ref", "--format=%(refname)", "refs/canonical-sweep").split("\n"),
          -1,
        ),
      ),
    ["commit-kept notes"],
  ],
  [
    "tainted-canonical: a run that overlapped the one that promoted it",
    (copy) => {
      const lines = readFileSync(journalOf(copy, 1), "utf8").trim().split("\n");
      const { ts } = JSON.parse(at(lines, Math.floor(lines.length / 2))) as { ts: string };
      const id = at(copy.runs, 1).replace(/.$/, "0");
      mkdirSync(copy.path("runs", id));
      const beside = ["began", "started"].map((event, index) =>
        JSON.stringify({ ts: new Date(Date.parse(ts) + index).toISOString(), run: id, event }),
      );
      writeFileSync(copy.path("runs", id, "journal.jsonl"), `${beside.join("\n")}\n`);
    },
    ["run-alone notes"],
  ],
  [
    "a tier's end edited in a report",
    (copy) =>
      changeRow(copy, 0, "wiki", (row) => {
        for (const tier of row.tiers) if (tier.tier === "restore") tier.status = "skipped";
      }),
    [
      ...["run-passed wiki", "record-as-run wiki", "label-derived wiki", "row-as-journaled wiki"],
      ...["tier-ends wiki", "counts-derived"],
    ],
  ],
  [
    "a red tier taken out of a report",
    (copy) =>
      changeRow(copy, 0, "pads", (row) => {
        row.tiers = row.tiers.filter((tier) => tier.tier !== "custom");
      }),
    ["label-derived pads", "row-as-journaled pads", "tier-ends pads", "counts-derived"],
  ],
  [
    "a journal cut at its end",
    (copy) => copy.keepLines(journalOf(copy, 0), (line) => !line.includes('"event":"ended"')),
    ["journal-whole"],
  ],
  [
    "a journal cut in its middle",
    (copy) =>
      copy.keepLines(journalOf(copy, 0), (line) => !/"(tier-ended|labelled)".*"recipe":"wiki"/.test(line)),
    ["row-as-journaled wiki", "tier-ends wiki"],
  ],
  ["a journal deleted", (copy) => rmSync(journalOf(copy, 2)), ["journal-whole"]],
  ["a report deleted", (copy) => rmSync(reportOf(copy, 2)), ["report-readable"]],
  [
    "a brief deleted",
    (copy) => rmSync(copy.path("runs", at(copy.runs, 0), "pads", "brief.md")),
    ["report-readable"],
  ],
  [
    "the data of a canonical deleted",
    (copy) => rmSync(copy.path("data", "notes"), { recursive: true }),
    ["data-exists notes"],
  ],
  [
    "the data of two canonicals swapped",
    (copy) => {
      cpSync(copy.path("data", "notes"), copy.path("data", ".x"), {
        recursive: true,
        preserveTimestamps: true,
      });
      rmSync(copy.path("data", "notes"), { recursive: true });
      cpSync(copy.path("data", "wiki"), copy.path("data", "notes"), {
        recursive: true,
        preserveTimestamps: true,
      });
      rmSync(copy.path("data", "wiki"), { recursive: true });
      cpSync(copy.path("data", ".x"), copy.path("data", "wiki"), {
        recursive: true,
        preserveTimestamps: true,
      });
      rmSync(copy.path("data", ".x"), { recursive: true });
    },
    ["data-unchanged notes", "data-unchanged wiki"],
  ],
  [
    "a file of a canonical's data rewritten in its length",
    (copy) => {
      const file = copy.path("data", "notes", "notes.txt");
      writeFileSync(file, readFileSync(file, "utf8").replace("sentinel", "SENTINEL"));
      const later = new Date(Date.now() + 60_000);
      utimesSync(file, later, later);
    },
    ["data-unchanged notes"],
  ],
  [
    "the kept .env deleted",
    (copy) => rmSync(copy.path("canonical", "notes", "kept", ".env")),
    ["kept-files notes"],
  ],
  [
    "a test that was green rewritten where it is kept",
    (copy) => {
      const tests = copy.path("canonical", "wiki", "tests");
      appendFileSync(join(tests, at(readdirSync(tests), 0), "data", "verify"), "exit 0\n");
    },
    ["kept-tests wiki"],
  ],
  [
    "the issue of a recipe kept on its forge, which is the last line of the journal",
    (copy) => {
      const [run, ts] = [at(copy.runs, 2), new Date().toISOString()];
      appendFileSync(journalOf(copy, 2), `${JSON.stringify({ ts, run, event: "issue", recipe: "pads" })}\n`);
    },
    [],
  ],
  [
    "the kept secrets opened to everybody",
    (copy) => chmodSync(copy.path("canonical", "notes", "kept", "secrets.json"), 0o644),
    ["kept-files notes"],
  ],
  [
    "a process of a test left running",
    (copy) => {
      const env = {
        SWEEP_DATA: copy.path("scratch", "x", "data"),
        SWEEP_RECIPE: "pads",
        PATH: "/usr/bin:/bin",
      };
      children.push(spawn("sleep", ["600"], { env, stdio: "ignore" }));
    },
    ["no-residue"],
  ],
  [
    "the scratch of a run left",
    (copy) => mkdirSync(copy.path("scratch", "20260101T000000Z-abcd"), { recursive: true }),
    ["no-residue"],
  ],
  [
    "a line of the history removed",
    (copy) => copy.keepLines(history(copy, "notes"), (line) => !line.includes('"advance"')),
    ["history-leads notes", "history-complete notes"],
  ],
  [
    "the first line of the history removed",
    (copy) => copy.keepLines(history(copy, "notes"), (line) => !line.includes('"seed"')),
    ["history-complete notes"],
  ],
  [
    "a hold that has expired",
    (copy) => writeException(copy, "wiki", "hold", "2026-01-31"),
    ["exceptions-in-force wiki"],
  ],
  [
    "an acknowledgement that has expired",
    (copy) => writeException(copy, "pads", "acknowledgement", "2026-01-31"),
    ["exceptions-in-force pads"],
  ],
  [
    "a known cause that has expired",
    (copy) => {
      const cause = {
        id: "slow-dns",
        pattern: "no such host",
        cause: "outside",
        owner: "ann",
        until: "2026-01-31",
      };
      const causes = [{ ...cause, link: "https://example.org/1" }];
      writeFileSync(`${copy.root}/config/known-causes.yaml`, JSON.stringify({ schema: 1, causes }));
    },
    ["exceptions-in-force"],
  ],
  ["a hold that is in force", (copy) => writeException(copy, "wiki", "hold", "2999-01-31"), []],
  [
    "an enrolled recipe without a row",
    (copy) => {
      for (const index of [0, 1, 2])
        copy.change<Report>(reportOf(copy, index), (report) => {
          report.recipes = report.recipes.filter((row) => row.recipe !== "empty");
        });
    },
    ["enrolled-has-row empty", "counts-derived"],
  ],
  [
    "a promotion in the report, and an older record",
    (copy) => {
      copy.record("notes", (value) => {
        const old = copy.upstream("notes", "rev-parse", "1.0.0+1", "1.0.0+1^{commit}").split("\n");
        Object.assign(value, {
          version: "1.0.0+1",
          tagObject: old[0],
          commit: old[1],
          run: at(copy.runs, 0),
        });
      });
      copy.mirror("notes", "update-ref", "refs/canonical-sweep/keep/1.0.0%2B1", "refs/tags/1.0.0+1");
    },
    ["newest-promotion notes", "history-leads notes", "record-as-run notes"],
  ],
  [
    "a sentinel that was never planted",
    (copy) =>
      changeRow(copy, 1, "notes", (row) => {
        if (row.promotion !== null) row.promotion.sentinel = "none";
      }),
    ["record-as-run notes", "label-derived notes", "row-as-journaled notes"],
  ],
  [
    "a test that never ran, in the record",
    (copy) =>
      copy.record("wiki", (value) =>
        Object.assign(value, { tests: { ...value.tests, "custom/login": SHA } }),
      ),
    ["record-as-run wiki"],
  ],
  [
    "a count edited in a report",
    (copy) =>
      copy.change<Report>(reportOf(copy, 2), (report) => {
        report.honesty.promoted += 1;
      }),
    ["counts-derived"],
  ],
  [
    "a tool edited in a report",
    (copy) => copy.change<Report>(reportOf(copy, 2), (report) => void report.environment.tools.pop()),
    ["fingerprint-derived"],
  ],
];

describe("an audit finds a planted lie by name, and nothing else", () => {
  it.each(LIES)("%s", async (_name, plant, expected) => {
    const copy = copyForTest();
    await plant(copy);
    const { exit, report } = await copy.audit();
    const found = report.findings.map(({ rule, recipe }) => (recipe === null ? rule : `${rule} ${recipe}`));
    expect([...new Set(found)].sort(), JSON.stringify(report.findings, null, 2)).toEqual(
      [...expected].sort(),
    );
    expect(exit).toBe(expected.length === 0 ? 0 : 3);
    for (const { claim, command, evidence, kind } of report.findings) {
      expect(kind).toBe("does-not-hold");
      expect([claim, evidence, command]).not.toContain("");
    }
  });
});
