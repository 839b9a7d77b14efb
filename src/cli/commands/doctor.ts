import { EXIT } from "../../core/exit.ts";
import { type ComparedRun, examine } from "../../doctor/doctor.ts";
import { Fault } from "../../fault.ts";
import { renderDoctor } from "../../render/doctor.ts";
import { findRun, readRun } from "../../report/run-store.ts";
import type { StatePaths } from "../../state/paths.ts";
import { withContext } from "../context.ts";
import { type Invocation, textOption } from "../invocation.ts";
import { printResult } from "../print.ts";

export const DOCTOR_SCHEMA = 1;

/** `doctor`: whether a sweep can be started here, and the differences from an earlier run. */
export async function runDoctor(invocation: Invocation): Promise<number> {
  const wanted = textOption(invocation, "compare");
  const { PATH: inheritedPath } = invocation.surroundings.env;
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const compared = wanted === null ? null : comparedRun(context.state, wanted);
    const report = await examine(context, { inheritedPath, compared });
    reporting.close();
    context.signal.throwIfAborted();
    printResult(invocation, { schema: DOCTOR_SCHEMA, ...report }, (layout) => renderDoctor(report, layout));
    return report.fit ? EXIT.ok : EXIT.machinery;
  });
}

function comparedRun(state: StatePaths, wanted: string): ComparedRun {
  const run = findRun(state, wanted);
  const reading = readRun(state, run);
  if (reading.state === "read") return { run, ...reading.report.environment };
  const problem = reading.state === "absent" ? `run ${run} has no report` : reading.problem;
  throw new Fault("usage", problem, "`canonical-sweep history` lists the runs");
}
