import { EXIT } from "../core/exit.ts";
import {
  dayIn,
  type Exception,
  type ExceptionRecord,
  isInForce,
  listExceptions,
} from "../exceptions/store.ts";
import { type ExceptionRow, renderStanding, type StandingView } from "../render/standing.ts";
import { orProblem, readStanding } from "../report/standing.ts";
import { whoIsAtWork } from "../report/who-is-at-work.ts";
import type { Invocation } from "./invocation.ts";
import { type OpenState, openState } from "./open-state.ts";
import { printResult } from "./print.ts";

export const STATUS_SCHEMA = 1;

/** `status`: what stands now, read from the state folder. */
export async function runStatus(invocation: Invocation): Promise<number> {
  const now = invocation.surroundings.clock.now();
  const standing = collectStanding(openState(invocation), now);
  printResult(
    invocation,
    () => statusDocument(standing),
    (layout) => renderStanding(standing, now, layout),
  );
  return EXIT.ok;
}

function collectStanding({ state, config, problem }: OpenState, now: number): StandingView {
  const standing = readStanding(state);
  const today = dayIn(config?.timezone ?? "UTC", now);
  const listed = orProblem(() => listExceptions(state), standing.problems);
  const seen = new Set(standing.rows.map(({ row }) => row.recipe));
  const rows = (pick: (record: ExceptionRecord) => Exception | null) =>
    listed.flatMap(({ recipe, exceptions }) => {
      const exception = exceptions.state === "read" ? pick(exceptions.value) : null;
      return exception === null ? [] : [exceptionRow(recipe, exception, today)];
    });
  return {
    ...standing,
    holds: rows((record) => record.hold),
    acknowledged: rows((record) => record.acknowledgement),
    neverTested: (config?.recipes ?? [])
      .filter((recipe) => recipe.enrolled && !seen.has(recipe.recipe))
      .map((recipe) => recipe.recipe),
    atWork: whoIsAtWork(state),
    problems: [
      ...standing.problems,
      ...listed.flatMap(({ exceptions }) => (exceptions.state === "unreadable" ? [exceptions.problem] : [])),
      ...(problem === null ? [] : [problem]),
    ],
  };
}

function exceptionRow(recipe: string, exception: Exception, today: string): ExceptionRow {
  const { reason, until, owner } = exception;
  return { recipe, reason, until, owner: owner ?? null, expired: !isInForce(exception, today) };
}

function statusDocument(standing: StandingView): unknown {
  const { sweep, rows, canonicals, holds, acknowledged, neverTested, atWork, problems } = standing;
  return {
    schema: STATUS_SCHEMA,
    sweep: sweep && { run: sweep.run, startedAt: sweep.startedAt, endedAt: sweep.endedAt, exit: sweep.exit },
    honesty: sweep?.honesty ?? null,
    hollowReasons: sweep?.hollowReasons ?? [],
    needsHuman: rows.filter(({ row }) => row.needsHuman).map(rowDocument),
    rest: rows.filter(({ row }) => !row.needsHuman).map(rowDocument),
    neverTested,
    canonicals: canonicals.map(({ recipe, reading }) => ({
      recipe,
      state: reading.state,
      record: reading.state === "read" ? reading.record : null,
      problem: reading.state === "unreadable" ? reading.problem : null,
    })),
    holds,
    acknowledged,
    atWork,
    problems,
  };
}

function rowDocument({ row, run, at, since, command }: StandingView["rows"][number]): unknown {
  const { recipe, label, detail, needsHuman } = row;
  return { recipe, label, detail, needsHuman, run, at, since, command };
}
