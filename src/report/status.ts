import { readDowns } from "../canonical/down.ts";
import type { Config } from "../config/config.ts";
import { type Down, downLine, isDownLine, MEND_COMMAND } from "../core/down.ts";
import { outcomeOfRow } from "../core/label/label.ts";
import type { ExceptionRow, StandingFacts, StandingRow } from "../core/view/status-view.ts";
import {
  dayIn,
  type Exception,
  type ExceptionRecord,
  isInForce,
  listExceptions,
} from "../exceptions/store.ts";
import type { LockHolder } from "../lock/lock-holder.ts";
import type { StatePaths } from "../state/paths.ts";
import { orProblem, readStanding } from "./standing.ts";
import { whoIsAtWork } from "./who-is-at-work.ts";

const STATUS_SCHEMA = 1;

export interface Status extends StandingFacts {
  atWork: LockHolder | null;
}

/** What a status stands on; without a configuration it says less. */
export interface StatusSource {
  state: StatePaths;
  config: Pick<Config, "timezone" | "recipes"> | null;
  /** Why there is no configuration. */
  problem: string | null;
}

/** What stands now, read from the state folder; `now` is in milliseconds since the epoch. */
export function readStatus({ state, config, problem }: StatusSource, now: number): Status {
  const standing = readStanding(state);
  const atWork = whoIsAtWork(state);
  const down = orProblem(() => readDowns(state, atWork?.run ?? null), standing.problems);
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
    rows: standing.rows.map((row) => withDown(row, down)),
    down,
    holds: rows((record) => record.hold),
    acknowledged: rows((record) => record.acknowledgement),
    neverTested: (config?.recipes ?? [])
      .filter((recipe) => recipe.enrolled && !seen.has(recipe.recipe))
      .map((recipe) => recipe.recipe),
    atWork,
    problems: [
      ...standing.problems,
      ...listed.flatMap(({ exceptions }) => (exceptions.state === "unreadable" ? [exceptions.problem] : [])),
      ...(problem === null ? [] : [problem]),
    ],
  };
}

// What its last report says is older than what stands now.
function withDown(standing: StandingRow, downs: readonly Down[]): StandingRow {
  const { downWarning, onlyDown, warnings = [], ...row } = standing.row;
  const down = downs.find(({ recipe }) => recipe === row.recipe);
  const isOld = row.outcome === undefined;
  const told = warnings.filter((text) => text !== downWarning && !(isOld && isDownLine(text)));
  if (down === undefined && told.length === warnings.length) return standing;
  const needsHuman = down !== undefined || (row.needsHuman && onlyDown !== true);
  return {
    ...standing,
    row: { ...row, needsHuman, warnings: down === undefined ? told : [...told, downLine(down)] },
  };
}

function exceptionRow(recipe: string, exception: Exception, today: string): ExceptionRow {
  const { reason, until, owner } = exception;
  return { recipe, reason, until, owner: owner ?? null, expired: !isInForce(exception, today) };
}

/** The document of `status --json`. */
export function statusDocument(status: Status): unknown {
  const { sweep, rows, canonicals, down, holds, acknowledged, neverTested, atWork, problems } = status;
  return {
    schema: STATUS_SCHEMA,
    sweep: sweep && { run: sweep.run, startedAt: sweep.startedAt, endedAt: sweep.endedAt, exit: sweep.exit },
    honesty: sweep?.honesty ?? null,
    hollowReasons: sweep?.hollowReasons ?? [],
    down: down.map((each) => ({ ...each, command: MEND_COMMAND })),
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

function rowDocument({ row, run, at, since, command }: Status["rows"][number]): unknown {
  const { recipe, label, detail, needsHuman } = row;
  return { recipe, label, outcome: outcomeOfRow(row), detail, needsHuman, run, at, since, command };
}
