import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { PROMOTION_STEPS, PromotionJournal } from "../../src/canonical/promotion-journal.ts";
import { HistoryEntry } from "../../src/canonical/store.ts";
import { Canonical } from "../../src/core/canonical.ts";
import { ARMS, ATTEMPT_OUTCOMES, CAUSES } from "../../src/core/cause/evidence.ts";
import { DECISION_REASONS } from "../../src/core/decision/decision.ts";
import type { RecipeFacts, RequiredProvider } from "../../src/core/decision/facts.ts";
import { sweepDecision } from "../../src/core/decision/sweep-decision.ts";
import { reasonText } from "../../src/core/outcome.ts";
import { HostLoad, Investigation, InvestigationRun } from "../../src/core/records/investigation.ts";
import { Honesty, PromotionReport, RecipeReport, Report } from "../../src/core/records/report.ts";
import { TierEnd } from "../../src/core/tier.ts";
import { LedgerEntry } from "../../src/driver/ledger.ts";
import { Exception, ExceptionRecord } from "../../src/exceptions/store.ts";
import { LockHolder } from "../../src/lock/lock-holder.ts";
import { StopRequest } from "../../src/run/stop.ts";
import { statePaths } from "../../src/state/paths.ts";
import { readSources } from "../architecture/source.ts";
import { factsWith, recordAt, tag } from "./facts.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** The cells of each row of the first table below a heading, without the table's own head. */
function tableBelow(text: string, heading: string): string[][] {
  const lines = text.slice(text.indexOf(`\n${heading}\n`)).split("\n");
  const begin = lines.findIndex((line) => line.startsWith("| --- "));
  const rows = lines.slice(begin + 1);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end === -1 ? rows.length : end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function sectionOf(text: string, heading: string): string {
  const begin = text.indexOf(`\n${heading}\n`);
  if (begin === -1) throw new Error(`there is no ${heading}`);
  const end = text.indexOf("\n## ", begin + 1);
  return text.slice(begin, end === -1 ? text.length : end);
}

describe("docs/decisions.md", () => {
  const text = read("docs/decisions.md");
  const rows = tableBelow(text, "## The decision table");
  const [OLD, PROVEN, NEW] = ["1.0.0+1", "2.0.0+1", "3.0.0+1"] as const;
  const canonical = recordAt(PROVEN);
  const provider = (more: Partial<RequiredProvider>): RequiredProvider[] => [
    { recipe: "PROVIDER", mode: "live", problem: "it cannot be used", ...more },
  ];
  const facts: RecipeFacts[] = [
    factsWith({ hold: { reason: "known", until: "2026-07-01" } }),
    factsWith({ mirror: { state: "failed", problem: "no answer at all" } }),
    factsWith({ tags: [tag(PROVEN, "f".repeat(40))], record: canonical }),
    factsWith({ record: { state: "unreadable", problem: "it is not JSON" } }),
    factsWith({ record: { state: "orphaned", volumes: ["a"] } }),
    factsWith({ tags: [] }),
    factsWith({ tags: [tag(PROVEN)], record: canonical }),
    factsWith({ tags: [tag(OLD)], record: canonical }),
    factsWith({ requires: provider({}) }),
    factsWith({ requires: provider({ isDown: true }) }),
    factsWith(),
    factsWith({ tags: [tag(NEW)], record: canonical }),
  ].map((each) => ({ ...each, recipe: "RECIPE" }));

  it("has a row for each of these facts", () => {
    expect(rows).toHaveLength(facts.length);
  });

  it.each(rows.map((row, index) => [row[0], row, facts[index]] as const))(
    "decides as the program does: %s",
    (_what, row, given) => {
      if (given === undefined) throw new Error("no facts for this row");
      const [, action, reason, whoActs, command = ""] = row;
      const decision = sweepDecision(given);
      expect([decision.action, `\`${decision.reason}\``, decision.whoActs]).toEqual([
        action,
        reason,
        whoActs,
      ]);
      if (decision.command !== undefined) expect(command).toContain(`\`${decision.command}\``);
      expect(command.includes("canonical-sweep")).toBe(decision.command !== undefined);
    },
  );

  it("has every reason, in the order in which they are judged", () => {
    const reasons = [...new Set(rows.map(([, , reason = ""]) => reason.replaceAll("`", "")))];
    expect(reasons).toEqual([...DECISION_REASONS]);
  });

  it("has every reason for which a green release is not promoted, as operations.md has", () => {
    const codes = tableBelow(text, "### When a green release is promoted").map(([code = ""]) =>
      code.slice(1, -1),
    );
    const inSource = [...read("src/core/label/promotion-conditions.ts").matchAll(/\bwhy\("([a-z-]+)"/g)];
    const own = new Set(inSource.map(([, code = ""]) => reasonText({ code, detail: "" })));
    expect([...own].filter((code) => !codes.includes(code))).toEqual([]);
    const operations = read("docs/operations.md");
    expect(
      codes.filter(
        (code) => !operations.includes(`\`${code}`) && code !== "nothing-tested" && code !== "broken",
      ),
    ).toEqual([]);
  });
});

describe("the decisions of docs/decisions.md", () => {
  const paragraphs = sectionOf(read("docs/decisions.md"), "## Why it is so").trim().split("\n\n").slice(2);
  const heads = paragraphs.map((paragraph) => /^\*\*(\d{4}-\d{2}-\d{2}) · ([^*]+)\.\*\* /.exec(paragraph));

  it("a decision begins with its date and its title", () => {
    expect(paragraphs.filter((_, index) => heads[index] === null)).toEqual([]);
    expect(heads.length).toBeGreaterThan(15);
  });

  it("a new decision stands at the end", () => {
    const dates = heads.map((head) => head?.[1]);
    expect(dates).toEqual([...dates].sort());
  });

  it("a decision that was replaced names one that is there", () => {
    const titles = heads.map((head) => head?.[2] ?? "");
    const successors = paragraphs.flatMap(
      (text) => /\*Replaced on [\d-]+ by\* (.+)\.$/.exec(text)?.[1] ?? [],
    );
    expect(successors.filter((title) => !titles.includes(title))).toEqual([]);
  });
});

describe("docs/terms.md", () => {
  const rows = tableBelow(`\n${read("docs/terms.md")}`, "# Terms");

  it("has a row for each word of the program", () => {
    expect(rows.length).toBeGreaterThan(25);
  });

  it.each(rows.map(([word = "", , source = ""]) => [word, source] as const))(
    "has no word that the source lacks: %s",
    (_word, source) => {
      const [, names = "", path = ""] = /^(.+) in `([^`]+)`$/.exec(source) ?? [];
      expect(existsSync(join(ROOT, path))).toBe(true);
      for (const name of names.matchAll(/`([A-Za-z]+)`/g))
        expect(read(path)).toMatch(
          new RegExp(
            `^export (async )?(function|class|interface|type|const|abstract class) ${name[1]}\\b`,
            "m",
          ),
        );
    },
  );
});

describe("docs/state.md", () => {
  const text = read("docs/state.md");
  const keysOf = (schema: z.ZodObject) => Object.keys(schema.shape);
  const nested = (schema: z.ZodObject, key: string) => keysOf(schema.shape[key] as z.ZodObject);

  it.each<[string, string, string[]]>([
    ["canonical.json", "## `canonical.json`", keysOf(Canonical)],
    ["history.jsonl", "## `history.jsonl`", [...keysOf(HistoryEntry), ...HistoryEntry.shape.event.options]],
    ["promotion.json", "## `promotion.json`", [...keysOf(PromotionJournal), ...PROMOTION_STEPS]],
    ["report.json", "## `report.json`", keysOf(Report)],
    [
      "what a report says of program, configuration, environment and disk",
      "## `report.json`",
      [
        ...nested(Report, "program"),
        ...nested(Report, "configuration"),
        ...nested(Report, "environment"),
        ...nested(Report, "disk"),
        ...Report.shape.trigger.options,
      ],
    ],
    ["honesty", "## `report.json`", keysOf(Honesty)],
    ["a row of a report", "## `report.json`", keysOf(RecipeReport)],
    ["a tier of a row", "## `report.json`", [...keysOf(TierEnd), ...TierEnd.shape.status.options]],
    [
      "a promotion in a row",
      "## `report.json`",
      [...keysOf(PromotionReport), ...PromotionReport.shape.result.options],
    ],
    ["investigation.json", "## `investigation.json`", keysOf(Investigation)],
    ["a run of an investigation", "## `investigation.json`", keysOf(InvestigationRun)],
    [
      "the host, and what can be said",
      "## `investigation.json`",
      [...keysOf(HostLoad), ...CAUSES, ...ARMS, ...ATTEMPT_OUTCOMES],
    ],
    ["exceptions", "## `exceptions/<recipe>.json`", [...keysOf(ExceptionRecord), ...keysOf(Exception)]],
    ["lock", "## `lock`", keysOf(LockHolder)],
    ["stop-request.json", "## `stop-request.json`", keysOf(StopRequest)],
    ["ledger", "## `deployed/<domain>.json` and `ledger/<lane>/<stack>.json`", keysOf(LedgerEntry)],
  ])("names every field of %s", (_file, heading, keys) => {
    const section = sectionOf(text, heading);
    expect(keys.length).toBeGreaterThan(2);
    expect(keys.filter((key) => !section.includes(`\`${key}\``))).toEqual([]);
  });

  it("names every path of a state folder", () => {
    const state = statePaths("/s");
    const [run, canonical] = [state.run("<run>"), state.canonical("<recipe>")];
    const mirror = state.mirror("<recipe>");
    const paths = [
      ...[
        state.id,
        state.lock,
        state.stopRequest,
        state.exceptions,
        state.toolCache,
        state.runs,
        state.mirrors,
      ],
      ...[state.canonicals, run.report, run.journal, run.configuration, run.recipe("<recipe>")],
      ...[canonical.record, canonical.kept, canonical.history, canonical.promotion, mirror.bare, mirror.refs],
      ...[state.data("<recipe>"), state.snapshot("<recipe>"), state.scratch("<run>")],
    ].map((path) => path.slice("/s/".length));
    const tree = sectionOf(`\n${text.slice(text.indexOf("```"))}`.replace("\n```", "\n## tree\n"), "## tree");
    expect(paths.filter((path) => !tree.split("\n").some((line) => line.startsWith(path)))).toEqual([]);
    expect([run.markdown, run.junit].filter((path) => !tree.includes(basename(path)))).toEqual([]);
  });

  it("names every event of a run's journal", () => {
    const events = readSources(join(ROOT, "src")).flatMap((file) =>
      [...file.text.matchAll(/\.note\(\s*"([a-z-]+)"/g)].map(([, event = ""]) => event),
    );
    const section = sectionOf(text, "## `journal.jsonl`");
    expect(events.length).toBeGreaterThan(8);
    expect(events.filter((event) => !section.includes(`\`${event}\``))).toEqual([]);
  });
});
