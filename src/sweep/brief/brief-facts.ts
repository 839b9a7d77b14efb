import { join } from "node:path";
import type { BriefFacts } from "../../brief/brief.ts";
import { provenRecord } from "../../core/canonical.ts";
import type { RecipeReport } from "../../core/records/report.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { messageOf } from "../../fault.ts";
import { isoTime } from "../../log.ts";
import { causeForBrief, newestInvestigation } from "../../report/investigations.ts";
import type { Run } from "../../run/run.ts";
import { isThere, readTextIfAny } from "../../state/files.ts";
import { listFiles } from "../../state/trees/tree.ts";
import type { Tested } from "../cold-test/cold-test.ts";
import { coldAndWarm } from "./cold-and-warm.ts";
import { hardFailureOf } from "./hard-failure.ts";
import { ruledOut } from "./ruled-out.ts";
import { whatDiffers } from "./what-differs.ts";

const MOST_FILES = 1_000;

/** Gathers all facts for a brief: from memory, the evidence on disk, records and former reports. */
export async function gatherBriefFacts(
  run: Run,
  row: RecipeReport,
  evidence: Evidence,
  tested: Tested | null,
): Promise<BriefFacts> {
  const { clock, config, program, state } = run.context;
  const recipe = config.recipes.find((entry) => entry.recipe === row.recipe);
  const paths = state.canonical(row.recipe);
  const found = row.target && newestInvestigation(state, row.recipe, row.target.commit);
  return {
    run: run.id,
    at: isoTime(clock),
    fingerprint: run.environment.fingerprint,
    scope: {
      program: `${program.name} ${program.version}, Node ${program.node}`,
      configuration: config.folder,
      state: state.root,
      driver: recipe?.driver ?? null,
      lane: row.lane ?? null,
    },
    evidence: evidence.folder,
    artefacts: listFiles(evidence.folder, MOST_FILES),
    services: [...(tested?.services ?? [])],
    names: namesIn(evidence),
    commands: evidence.commands,
    hardFailure: hardFailureOf(run, row, evidence, {
      failure: tested?.test.failure ?? null,
      failedAt: tested?.test.failedAt ?? null,
    }),
    differs: await differs(run, tested),
    coldAndWarm: coldAndWarm(row, evidence, {
      domain: recipe?.domain ?? "",
      hasKeptFiles: isThere(paths.kept),
    }),
    former: run.history.rowsOf(row.recipe),
    cause: found && causeForBrief(found),
    ruledOut: ruledOut(run, row, tested),
    reproduction: {
      configuration: config.folder,
      state: state.root,
      quick: tested?.request.copyOf != null,
      tiers: tested?.request.wanted ?? [],
      acceptMovedTag: tested?.request.acceptMovedTag ?? false,
    },
  };
}

async function differs(run: Run, tested: Tested | null): Promise<string[] | null> {
  if (tested === null) return null;
  const green = provenRecord(tested.after);
  if (green === null) return null;
  try {
    return await whatDiffers(run, tested.request, tested.test, green);
  } catch (error) {
    return [`could not be found out: ${messageOf(error)}`];
  }
}

/** Names that others on a network also answer to, as seen while the app ran. */
function namesIn(evidence: Evidence): string[] {
  const seen = ["evidence", "warm"].map(
    (folder) => readTextIfAny(join(evidence.folder, folder, "aliases.txt")) ?? "",
  );
  const lines = seen.flatMap((text) => text.split("\n")).filter((line) => line.trim() !== "");
  return [...new Set(lines)].filter((line) => !line.startsWith("No name "));
}
