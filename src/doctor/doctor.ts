import { TRAITS } from "../core/driver-traits.ts";
import {
  compareFingerprints,
  type FingerprintedTool,
  fingerprint,
  reportedTools,
} from "../environment/fingerprint.ts";
import { preflight, type ToolReport } from "../environment/preflight.ts";
import { messageOf } from "../fault.ts";
import type { Context } from "../run/context.ts";
import { type Check, isFit, unknown } from "./check.ts";
import { checkClock } from "./check-clock.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { checkCanonicals, checkDisk } from "./check-disk.ts";
import { checkLane } from "./check-docker.ts";
import { checkEdge } from "./check-edge.ts";
import { checkForges } from "./check-forge.ts";
import { checkRepositories } from "./check-repositories.ts";
import { checkState } from "./check-state.ts";
import { checkTools } from "./check-tools.ts";
import { checkUnits } from "./check-units.ts";

export interface DoctorReport {
  fit: boolean;
  fingerprint: string;
  checks: Check[];
  /** The difference from an earlier run; null if none was requested. */
  compare: Comparison | null;
}

export interface Comparison {
  run: string;
  fingerprint: string;
  /** A line for each tool that differs; empty if the environments are the same. */
  changes: string[];
}

/** The tools of an earlier run, from its report. */
export interface ComparedRun {
  run: string;
  fingerprint: string;
  tools: readonly FingerprintedTool[];
}

/** Checks everything that a sweep depends on, side by side, each with its own limit. Changes nothing. */
export async function examine(
  context: Context,
  options: { inheritedPath: string | undefined; compared: ComparedRun | null },
): Promise<DoctorReport> {
  const reports = await preflight(context.config, context.tools, context.clock);
  const client = reports.find(({ name }) => name === "docker")?.version ?? null;
  const groups = await Promise.all([
    guarded("disk", async () => checkDisk(context)),
    guarded("canonicals", async () => checkCanonicals(context)),
    ...lanesInUse(context).map((lane) => guarded("docker daemon", () => checkLane(context, lane, client))),
    ...edgesInUse(context).map((lane) => guarded("edge", () => checkEdge(context, lane))),
    guarded("repositories", () => checkRepositories(context)),
    guarded("forge token", () => checkForges(context)),
    guarded("state", () => checkState(context)),
    guarded("clock", () => checkClock(context)),
    guarded("units", () => checkUnits(context)),
    guarded("PATH", async () => checkConfiguration(context, options.inheritedPath)),
  ]);
  const checks = [...checkTools(reports), ...groups.flat()];
  return { fit: isFit(checks), ...comparisonOf(reports, options.compared), checks };
}

// A probe that fails gives an unknown result, and does not prevent others.
async function guarded(name: string, probe: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await probe();
  } catch (error) {
    return [unknown(name, messageOf(error), "see what it says")];
  }
}

function lanesInUse({ config }: Context) {
  const isUsed = config.recipes.some(({ driver, enrolled }) => enrolled && TRAITS[driver].onSwarm);
  return isUsed ? config.lanes : [];
}

// An app deployed by `commands:` with its own `url` is not reached over the edge.
function edgesInUse({ config }: Context) {
  const isUsed = config.recipes.some(
    ({ commands, driver, enrolled }) =>
      enrolled && (TRAITS[driver].deploys !== "commands" || commands?.url === undefined),
  );
  return isUsed ? config.lanes : [];
}

function comparisonOf(
  reports: readonly ToolReport[],
  compared: ComparedRun | null,
): Pick<DoctorReport, "fingerprint" | "compare"> {
  const tools = reportedTools(reports);
  const now = fingerprint(tools);
  if (compared === null) return { fingerprint: now, compare: null };
  const changes = compareFingerprints(compared.tools, tools);
  return { fingerprint: now, compare: { run: compared.run, fingerprint: compared.fingerprint, changes } };
}
