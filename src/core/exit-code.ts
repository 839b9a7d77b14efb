import type { Decision } from "./decision/decision.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { kindOf } from "./label/label.ts";
import type { RecipeReport } from "./records/report.ts";
import { compareVersions, parseVersion } from "./version.ts";

export { EXIT, type ExitCode };

export interface SweepEnd {
  rows: readonly RecipeReport[];
  hollow: boolean;
  /** The breaker stopped the sweep, a needed tool is missing, or Docker is away. */
  machinery: boolean;
  /** `--no-promote`, `--quick`, `--ref` or `--tier`: a green without a promotion was asked for. */
  unpromotedByRequest: boolean;
  /** `--only-sync`: nothing more was asked for. */
  onlySync: boolean;
  /** A live canonical is down, or a promotion is not settled: a problem whatever was asked for. */
  unmended: boolean;
  interrupted: "SIGINT" | "SIGTERM" | null;
}

/** The exit code of a finished sweep or run: that of an interrupt, else the first of 5, 4, 3 that applies. */
export function exitOf(end: SweepEnd): ExitCode {
  if (end.interrupted !== null) return end.interrupted === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
  if (end.machinery) return EXIT.machinery;
  if (end.hollow) return EXIT.hollow;
  return end.unmended || end.rows.some((row) => isFinding(row, end)) ? EXIT.findings : EXIT.ok;
}

/** The exit code of a decision table. */
export function exitOfPlan(decisions: readonly Decision[], hollow: boolean): ExitCode {
  if (hollow) return EXIT.hollow;
  return decisions.some((decision) => decision.action === "BLOCKED") ? EXIT.findings : EXIT.ok;
}

function isFinding(row: RecipeReport, end: SweepEnd): boolean {
  switch (kindOf(row)) {
    case "SKIP":
    case "PASS":
      return false;
    case "PASS-NOT-PROMOTED":
      return !end.unpromotedByRequest && isNewerThanCanonical(row);
    case "NOT-RUN":
      return !end.onlySync;
    default:
      return true;
  }
}

function isNewerThanCanonical(row: RecipeReport): boolean {
  if (row.target === null || row.canonicalBefore === null) return row.target !== null;
  const target = parseVersion(row.target.version);
  const canonical = parseVersion(row.canonicalBefore.version);
  if ("problem" in target) return false;
  return "problem" in canonical || compareVersions(target.version, canonical.version) > 0;
}
