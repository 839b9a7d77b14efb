import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type HostLoad, Investigation } from "../../src/core/records/investigation.ts";
import { investigationMarkdown } from "../../src/report/investigation-markdown.ts";
import type { StatePaths } from "../../src/state/paths.ts";

/** A run that investigated the red of `hedgedoc`, written through its schema. */
export const INVESTIGATION = "20260614T090000000Z-5e6f7a8b";

const HOST: HostLoad = {
  isolated: true,
  foreign: 0.03,
  waitedForCpu: 0.08,
  waitedForDisk: 0.01,
  loadAverage: 0.9,
};

/** Writes the investigation of the red of a run; `firstError` is what the app said. */
export function writeInvestigationOf(state: StatePaths, run: string, firstError: string): void {
  const document = Investigation.parse({
    schema: 1,
    recipe: "hedgedoc",
    run: INVESTIGATION,
    startedAt: "2026-06-14T09:00:00.000Z",
    endedAt: "2026-06-14T09:07:10.000Z",
    release: { version: "1.10.0+1.10.2", commit: "c0ffee00".repeat(5) },
    red: {
      run,
      label: "FAIL (red at restore; canonical unchanged: 1.9.3+1.9.9)",
      at: "restore",
      firstError,
    },
    knownGood: { version: "1.9.3+1.9.9", commit: "0badcafe".repeat(5), isCanonical: true },
    cause: "recipe",
    because: "it is red every time, and `lint` finds in it what is known to break there",
    confidence: { counts: ["1 of 1 of the control recipe green", "3 of 3 alone red"], chance: 0.05 },
    runs: [attempt("01-control", "control", "green", null), attempt("02-alone", "alone", "red", firstError)],
    notPossible: [{ kind: "lastGreenTests", reason: "the tests are those of the last green" }],
    isolation: { ...HOST, busyAbove: 0.2, askedFor: false },
    lint: ["restore-hook-missing: compose.yml:14"],
    load: null,
    raise: null,
    next: {
      what: "add a restore hook",
      who: "the recipe's maintainer",
      command: "canonical-sweep lint hedgedoc",
    },
  });
  const { folder, investigation } = state.run(INVESTIGATION);
  mkdirSync(dirname(investigation), { recursive: true });
  writeFileSync(investigation, JSON.stringify(document));
  writeFileSync(join(folder, "investigation.md"), investigationMarkdown(document));
}

function attempt(id: string, kind: string, outcome: string, firstError: string | null) {
  return {
    ...{ id, kind, outcome, firstError, recipe: kind === "control" ? "gitea" : "hedgedoc" },
    ...{ version: "1.10.0+1.10.2", commit: "c0ffee00".repeat(5), tests: "today" },
    tiers: [{ tier: "install", status: "passed", durationMs: 41_000 }],
    host: HOST,
    startedAt: "2026-06-14T09:00:04.000Z",
    durationMs: 71_000,
    evidence: `attempts/${id}`,
  };
}
