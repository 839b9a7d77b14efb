import { formatBytes } from "../../core/duration.ts";
import { kindOf } from "../../core/label/label.ts";
import type { Brief } from "../../core/records/brief.ts";
import type { RecipeReport } from "../../core/records/report.ts";
import type { Run } from "../../run/run.ts";
import { freeBytes } from "../../state/files.ts";
import type { Tested } from "../cold-test/cold-test.ts";

/** Other causes of a red that the evidence contradicts, each with that evidence. Nothing is ruled out unseen. */
export function ruledOut(run: Run, row: RecipeReport, tested: Tested | null): Brief["ruledOut"] {
  if (tested === null) return [];
  const kind = kindOf(row);
  return [
    {
      what: "another run beside this one",
      evidence: `run ${run.id} held the state folder's lock and the lane`,
    },
    ...(kind === "BLOCKED" ? [] : [diskOf(run)].filter((entry) => entry !== null)),
    {
      what: "a missing tool of this program",
      evidence: `the preflight found all of them (fingerprint ${run.environment.fingerprint})`,
    },
    ...tested.test.ruledOut,
    ...(row.target === null || row.target.tagObject === null
      ? []
      : [
          {
            what: "a stale mirror",
            evidence: `the sync of this run read ${row.target.version} at ${row.target.commit}`,
          },
        ]),
    ...(kind !== "FAIL" || tested.request.copyOf !== null
      ? []
      : [
          {
            what: "data or secrets of a former run",
            evidence: "the cold test began at a new domain, from nothing",
          },
        ]),
    ...(kind === "GREEN-BUT-PROMOTE-FAILED"
      ? [{ what: "the release alone", evidence: `the same release was green from nothing: ${passed(row)}` }]
      : []),
  ];
}

function diskOf(run: Run): Brief["ruledOut"][number] | null {
  const { config, state } = run.context;
  const free = freeBytes(state.root);
  if (free === null || free < config.disk.minFree) return null;
  return { what: "a full disk", evidence: `${formatBytes(free)} free at ${state.root} after it failed` };
}

function passed({ tiers }: RecipeReport): string {
  return tiers
    .filter((end) => end.status === "passed")
    .map((end) => end.tier)
    .join(", ");
}
