import { join } from "node:path";
import { withCause } from "../brief/brief.ts";
import { briefMarkdown } from "../brief/markdown.ts";
import { chanceOfEvenFlake } from "../core/cause/chance.ts";
import { ARMS, type Arm } from "../core/cause/evidence.ts";
import type { Conclusion } from "../core/cause/verdict.ts";
import { Brief } from "../core/records/brief.ts";
import {
  type HostLoad,
  INVESTIGATION_SCHEMA,
  type Investigation,
  type InvestigationRun,
} from "../core/records/investigation.ts";
import { redactTexts } from "../core/secrets/redactor.ts";
import { investigationMarkdown } from "../report/investigation-markdown.ts";
import { causeForBrief } from "../report/investigations.ts";
import type { Run } from "../run/run.ts";
import { readJson, writeJson, writeWhole } from "../state/files.ts";
import type { Red } from "./find-red.ts";
import { nextOf } from "./next.ts";
import type { InvestigationRequest, Session } from "./session.ts";

interface End {
  startedMs: number;
  request: InvestigationRequest;
  isolation: HostLoad;
  conclusion: Conclusion;
}

/** `investigation.json`, without secrets. */
export function documentOf(
  session: Session,
  { startedMs, request, isolation, conclusion }: End,
): Investigation {
  const { run, recipe, red, runs } = session;
  const { cause, because, chance, raise } = conclusion;
  const document: Investigation = {
    schema: INVESTIGATION_SCHEMA,
    recipe: recipe.recipe,
    run: run.id,
    startedAt: new Date(startedMs).toISOString(),
    endedAt: new Date(run.context.clock.now()).toISOString(),
    release: { version: red.target.version, commit: red.target.commit },
    red: {
      run: red.run,
      label: red.row.label,
      outcome: red.row.outcome,
      at: red.facts.at === "tier" ? (red.tier ?? "machinery") : (red.row.promotion?.step ?? red.facts.at),
      firstError: red.firstError,
    },
    knownGood: session.knownGood,
    cause,
    because,
    confidence: { counts: countsOf(runs), chance, evenFlake: chance === null ? evenFlakeOf(runs) : null },
    runs,
    notPossible: [...session.notPossible].map(([kind, reason]) => ({ kind, reason })),
    isolation: { ...isolation, busyAbove: run.context.config.investigate.busyAbove, askedFor: request.busy },
    lint: session.lint,
    load: session.load,
    raise,
    next: nextOf(session, cause, raise),
  };
  return redactTexts(document, run.redactor) as Investigation;
}

/** Writes `investigation.json` and `investigation.md` into the run, and the cause into the brief of the red. */
export function writeInvestigation(run: Run, document: Investigation, red: Red): void {
  writeJson(run.paths.investigation, document);
  writeWhole(join(run.paths.folder, "investigation.md"), investigationMarkdown(document));
  if (red.row.brief !== null)
    addToBrief(join(run.context.state.run(red.run).recipe(document.recipe), "brief"), document);
}

// A brief that is unreadable or of another form stays as it is: the investigation has the cause.
function addToBrief(brief: string, document: Investigation): void {
  const reading = readJson(`${brief}.json`, Brief);
  if (reading.state !== "read") return;
  const told = withCause(reading.value, causeForBrief(document));
  writeJson(`${brief}.json`, told);
  writeWhole(`${brief}.md`, briefMarkdown(told));
}

const NAMES: Readonly<Record<Arm, string>> = {
  control: "of the control recipe",
  alone: "alone",
  knownGood: "of the known-good release",
  lastGreenTests: "with the tests of the last green",
  knownGoodLastGreenTests: "of the known-good release with the tests of the last green",
  onCopy: "on a copy of the canonical's data",
  knownGoodOnCopy: "of the known-good release on a copy of its data",
  underLoad: "under load",
};

function countsOf(runs: readonly InvestigationRun[]): string[] {
  return ARMS.flatMap((arm) => {
    const made = runs.filter(({ kind }) => kind === arm);
    if (made.length === 0) return [];
    const green = made.filter(({ outcome }) => outcome === "green").length;
    const [first] = made;
    const isUniform = made.every(({ outcome }) => outcome === first?.outcome);
    const how = green === made.length || !isUniform ? "green" : WORDS[first?.outcome ?? "red"];
    const count = isUniform ? made.length : green;
    const busy = made.filter(({ host }) => !host.isolated).length;
    const beside = busy === 0 || arm === "underLoad" ? "" : ` (${busy} while others were at work)`;
    return [`${count} of ${made.length} ${NAMES[arm]} ${how}${beside}`];
  });
}

function evenFlakeOf(runs: readonly InvestigationRun[]): Investigation["confidence"]["evenFlake"] {
  const again = runs.filter(({ host, kind }) => host.isolated && (kind === "alone" || kind === "onCopy"));
  const isRed = ({ outcome }: InvestigationRun) => outcome === "red" || outcome === "other-red";
  if (again.length === 0 || !again.every(isRed)) return null;
  return { reds: again.length, chance: chanceOfEvenFlake(again.length) };
}

const WORDS: Readonly<Record<InvestigationRun["outcome"], string>> = {
  green: "green",
  red: "red with the same first error",
  "other-red": "red with another first error",
  machinery: "ended by the machinery",
  outside: "ended by what is outside",
};
