import type { RunLine } from "../core/view/history-lines.ts";
import { statusView } from "../core/view/status-view.ts";
import type { AtWork } from "../page/at-work.ts";
import type { StatusPageView } from "../page/status-page.ts";
import { historyOfRecipe, historyOfRuns } from "../report/history.ts";
import { eachRun } from "../report/run-store.ts";
import { readStatus, type Status } from "../report/status.ts";
import { whoIsAtWork } from "../report/who-is-at-work.ts";
import { fileIdentity } from "../state/file-facts.ts";
import { keptFresh } from "./fresh.ts";
import { identityOfInvestigations, identityOfRecords, identityOfRuns, identityOfWork } from "./identity.ts";
import { type Investigations, investigatedLine, readInvestigations } from "./investigations.ts";
import { atWorkOf, type Before, journalOf } from "./journal.ts";
import { footFacts, type SiteSource } from "./source.ts";

/** How it stands, read again only where something has changed. */
export interface Standings {
  status(): Status;
  atWork(): AtWork | null;
  /** When the last sweep ended that was not hollow, ISO 8601; null: there is none. */
  lastNotHollow(): string | null;
  investigations(): Investigations;
  /** Every run that is kept, newest first. */
  runs(): RunLine[];
  history(recipe: string): ReturnType<typeof historyOfRecipe>;
  view(): StatusPageView;
}

export function createStandings(source: SiteSource): Standings {
  const { state, clock } = source;
  const status = keptFresh(
    clock,
    () =>
      [
        identityOfRuns(state),
        identityOfRecords(state),
        // The promotion of a run that is dead is none that is under way.
        whoIsAtWork(state)?.run,
        hourOf(clock.now()),
        identityOfConfig(source),
      ].join("\n"),
    () => readStatus({ state, ...source.configuration() }, clock.now()),
  );
  const journal = keptFresh(
    clock,
    () => identityOfWork(state),
    () => {
      const holder = whoIsAtWork(state);
      return holder === null ? [] : journalOf(state, holder.run);
    },
  );
  const lastNotHollow = keptFresh(
    clock,
    () => identityOfRuns(state),
    () => endOfLastNotHollow(source),
  );
  const investigations = keptFresh(
    clock,
    () => identityOfInvestigations(state),
    () => readInvestigations(state),
  );
  const standings: Standings = {
    status,
    lastNotHollow,
    investigations,
    runs: keptFresh(
      clock,
      () => `${identityOfRuns(state)}\n${identityOfInvestigations(state)}`,
      () => historyOfRuns(state),
    ),
    history: createHistories(state),
    atWork: () => {
      // Its process may have died without a change of any file.
      const holder = whoIsAtWork(state);
      return holder === null ? null : atWorkOf(holder, journal(), beforeIn(status()));
    },
    view: () => viewOf(source, standings),
  };
  return standings;
}

/** The histories of so many recipes are kept: for each of them every report has to be read. */
const MOST_HISTORIES = 32;

function createHistories(state: SiteSource["state"]): Standings["history"] {
  const kept = new Map<string, { identity: string; history: ReturnType<typeof historyOfRecipe> }>();
  return (recipe) => {
    const identity = `${identityOfRuns(state)}\n${fileIdentity(state.canonical(recipe).history)}`;
    const known = kept.get(recipe);
    if (known?.identity === identity) return known.history;
    const history = historyOfRecipe(state, recipe);
    if (kept.size >= MOST_HISTORIES) kept.clear();
    kept.set(recipe, { identity, history });
    return history;
  };
}

function viewOf(source: SiteSource, standings: Standings): StatusPageView {
  const status = standings.status();
  const { sweep } = status;
  const investigations = standings.investigations();
  const facts = footFacts(source);
  if (sweep !== null)
    facts.push(["environment", sweep.environment.fingerprint], ...differences(source, sweep));
  return {
    ...statusView(status, (recipe, run) => investigatedLine(investigations, recipe, run)),
    now: source.clock.now(),
    lastNotHollow: standings.lastNotHollow(),
    next: source.next(),
    atWork: standings.atWork(),
    facts,
  };
}

// What tested may be another program, or another configuration, than what shows: a fix that is not on the machine.
function differences(source: SiteSource, sweep: NonNullable<Status["sweep"]>): [string, string][] {
  const { program, configuration } = sweep;
  const folder = source.configuration().config?.folder;
  const facts: [string, string][] = [];
  if (program.version !== source.program.version)
    facts.push(["the last sweep's program", `${program.name} ${program.version}`]);
  if (folder !== undefined && configuration.path !== folder)
    facts.push(["the last sweep's configuration", configuration.path]);
  if (configuration.commit !== null)
    facts.push([
      "its commit",
      `${configuration.commit.slice(0, 12)}${configuration.dirty ? ", with changes" : ""}`,
    ]);
  return facts;
}

function beforeIn({ rows }: Status): Before {
  return (recipe, tier) => {
    const row = rows.find((each) => each.row.recipe === recipe)?.row;
    if (row === undefined || row.tiers.length === 0) return null;
    return tier === null ? row.durationMs : (row.tiers.find((end) => end.tier === tier)?.durationMs ?? null);
  };
}

function endOfLastNotHollow({ state }: SiteSource): string | null {
  for (const reading of eachRun(state))
    if (reading.state === "read" && reading.report.kind === "sweep" && !reading.report.honesty.hollow)
      return reading.report.endedAt;
  return null;
}

// An exception ends with a day, wherever that is.
function hourOf(now: number): string {
  return new Date(now).toISOString().slice(0, 13);
}

function identityOfConfig({ configuration }: SiteSource): string {
  const { config, problem } = configuration();
  return `${config?.folder} ${config?.recipes.map(({ recipe, enrolled }) => `${recipe}:${enrolled}`).join(" ")} ${problem}`;
}
