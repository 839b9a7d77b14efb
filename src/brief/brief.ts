import type { CommandRecord } from "../command/step.ts";
import { firstFailure } from "../core/first-failure.ts";
import { kindOf } from "../core/label/label.ts";
import { type FormerRow, redSince } from "../core/label/red-since.ts";
import type { ServiceState } from "../core/read-back.ts";
import { BRIEF_SCHEMA, type Brief, type HardFailure } from "../core/records/brief.ts";
import type { RecipeReport } from "../core/records/report.ts";
import { quoteWord } from "../core/text/quote-word.ts";

/** Facts for a brief beyond the row; the functions here that use them are pure. */
export interface BriefFacts {
  run: string;
  /** Now, ISO 8601. */
  at: string;
  /** The fingerprint of the tools. */
  fingerprint: string;
  scope: Brief["scope"];
  /** The folder of the evidence, absolute, and its files. */
  evidence: string;
  artefacts: Brief["artefacts"];
  services: ServiceState[];
  names: string[];
  commands: CommandRecord[];
  hardFailure: HardFailure;
  differs: string[] | null;
  coldAndWarm: string[];
  /** The rows of earlier runs, newest first. */
  former: readonly FormerRow[];
  /** Other causes that were looked for and not found. */
  ruledOut: Brief["ruledOut"];
  reproduction: Reproduction;
  /** The earlier result of `investigate` for this release; null if there is none. */
  cause: NonNullable<Brief["cause"]> | null;
}

/** Further files are only counted. */
const MOST_ARTEFACTS = 30;

/** The brief of a recipe that is neither PASS nor SKIP. */
export function briefOf(row: RecipeReport, facts: BriefFacts): Brief {
  const failure = firstFailure(row);
  const command = reproduce(row, facts.reproduction);
  const brief: Brief = {
    schema: BRIEF_SCHEMA,
    recipe: row.recipe,
    run: facts.run,
    label: row.label,
    outcome: row.outcome,
    target: row.target,
    canonical: row.canonicalBefore,
    failure,
    hardFailure: facts.hardFailure,
    ...(row.knownCause === undefined ? {} : { knownCause: row.knownCause }),
    scope: facts.scope,
    tiers: row.tiers,
    notPlanned: row.notPlanned ?? [],
    notReached: row.tiers.filter((end) => end.status === "not-reached").map((end) => end.tier),
    commands: facts.commands,
    warnings: row.warnings ?? [],
    services: facts.services,
    names: facts.names,
    promotion: row.promotion,
    environment: facts.fingerprint,
    differs: facts.differs,
    coldAndWarm: facts.coldAndWarm,
    since: redSince({ ...row, run: facts.run, at: facts.at, failure }, facts.former),
    ruledOut: facts.ruledOut,
    notKnown: notKnown(row, facts, command),
    evidence: facts.evidence,
    artefacts: facts.artefacts.slice(0, MOST_ARTEFACTS),
    artefactsOmitted: Math.max(0, facts.artefacts.length - MOST_ARTEFACTS),
    endedBy: row.command ?? null,
    reproduce: command,
  };
  return facts.cause === null ? brief : withCause(brief, facts.cause);
}

/** The brief with the result of `investigate`; once a cause is established, it is no longer listed as unknown. */
export function withCause(brief: Brief, cause: NonNullable<Brief["cause"]>): Brief {
  const isOpen = cause.cause === "unresolved";
  return {
    ...brief,
    cause,
    notKnown: brief.notKnown.filter(({ what }) => isOpen || what !== WHO_IS_TO_BLAME),
  };
}

const WHO_IS_TO_BLAME =
  "whether it fails every time, and who is to blame: the release, a test, the load or the machine";

function notKnown(row: RecipeReport, facts: BriefFacts, again: string): Brief["notKnown"] {
  const kind = kindOf(row);
  const reached = row.tiers.filter((end) => end.status === "not-reached");
  const tiers = reached.map(({ tier, because }) => ({
    what: `whether ${tier} passes: not reached because of ${because}`,
    settledBy: `the same again, once ${because} is mended: \`${again}\``,
  }));
  if (row.tiers.length === 0)
    return [{ what: "whether the release is good: nothing of it was tested", settledBy: `\`${again}\`` }];
  if (kind === "PASS-NOT-PROMOTED") {
    const what = "how it behaves on the canonical's data: no promotion was tried";
    return [{ what, settledBy: `a promotion, once this is mended: ${row.detail}` }];
  }
  const isNoVerdict = kind === "BLOCKED" || kind === "NOT-RUN";
  const who = {
    what: WHO_IS_TO_BLAME,
    settledBy: `\`${callOf(facts.reproduction, ["investigate", row.recipe])}\``,
  };
  return [...(isNoVerdict ? [] : [who]), ...tiers, ...unseen(facts)];
}

function unseen({ hardFailure, services }: BriefFacts): Brief["notKnown"] {
  const silent = services.filter(({ lastLogLines }) => lastLogLines.length === 0);
  return [
    ...(hardFailure.command !== null && hardFailure.output.length === 0
      ? [
          {
            what: `why ${hardFailure.command} failed: it said nothing`,
            settledBy: "a line on standard error where it gives up",
          },
        ]
      : []),
    ...silent.map(({ service }) => ({
      what: `what ${service} did: its log is empty`,
      settledBy: "a `logs` command, or an app that logs to standard output",
    })),
  ];
}

/** The parts of a request that must be repeated to reproduce it. */
interface Reproduction {
  /** Absolute. */
  configuration: string;
  /** Absolute. */
  state: string;
  quick: boolean;
  tiers: readonly string[];
  acceptMovedTag: boolean;
}

/** One command, on one line, that does the same again when pasted into a shell, from any folder. */
function reproduce(row: RecipeReport, how: Reproduction): string {
  const { target } = row;
  const tested =
    target === null ? [] : target.tagObject === null ? ["--ref", target.commit] : ["--tag", target.version];
  return callOf(how, [
    "run",
    row.recipe,
    ...tested,
    ...(how.quick ? ["--quick"] : []),
    ...how.tiers.flatMap((tier) => ["--tier", tier]),
    ...(how.acceptMovedTag ? ["--accept-moved-tag"] : []),
  ]);
}

/** A call of the program for this configuration and state, to be pasted into a shell. */
function callOf(
  { configuration, state }: Pick<Reproduction, "configuration" | "state">,
  words: readonly string[],
): string {
  const call = ["canonical-sweep", "--config", configuration, "--state", state, ...words];
  return call.map(quoteWord).join(" ");
}
