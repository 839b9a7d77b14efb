import { join } from "node:path";
import type { LaneConfig, RecipeConfig } from "../config/config.ts";
import type { App } from "../core/app.ts";
import type { Arm } from "../core/cause/evidence.ts";
import type { VersionRef } from "../core/decision/decision.ts";
import type { InvestigationRun } from "../core/records/investigation.ts";
import { TIERS, type Tier } from "../core/tier.ts";
import { type Origin, originAtLaunch } from "../run/app-under-test.ts";
import { laneOf } from "../run/lanes.ts";
import { makeSample } from "./control.ts";
import { lastGreenTests } from "./last-green-tests.ts";
import { baseOf, canonicalApp, type Session } from "./session.ts";

/** The subject of one run of a kind. */
export interface ArmPlan {
  /** The source of its release, its tests and its driver; null: as in a sweep. */
  origin: Origin | null;
  recipe: RecipeConfig;
  lane: LaneConfig;
  target: VersionRef & { isRelease: boolean };
  base: VersionRef | null;
  wanted: readonly Tier[];
  copyOf: App | null;
  tests: InvestigationRun["tests"];
}

type Planner = (session: Session) => Promise<ArmPlan | { notPossible: string }>;

/** The plan for a run of this kind, or why there can be none. */
export function planArm(session: Session, arm: Arm): Promise<ArmPlan | { notPossible: string }> {
  return PLANNERS[arm](session);
}

const PLANNERS: Readonly<Record<Arm, Planner>> = {
  control: planControl,
  alone: async (session) => ofRelease(session, session.red.target),
  underLoad: async (session) => ofRelease(session, session.red.target),
  knownGood: async (session) =>
    session.knownGood === null
      ? { notPossible: "there is no other release" }
      : ofRelease(session, session.knownGood),
  lastGreenTests: async (session) => withLastGreen(session, ofRelease(session, session.red.target)),
  knownGoodLastGreenTests: async (session) =>
    session.knownGood === null
      ? { notPossible: "there is no other release" }
      : withLastGreen(session, ofRelease(session, session.knownGood)),
  onCopy: async (session) => onCopy(session, session.red.target),
  knownGoodOnCopy: async (session) =>
    session.canonical === null ? { notPossible: NO_CANONICAL } : onCopy(session, session.canonical),
};

const NO_CANONICAL = "there is no canonical, and so no data to copy";

async function planControl(session: Session): Promise<ArmPlan | { notPossible: string }> {
  const { control, run } = session;
  if ("notPossible" in control) return control;
  const common = {
    recipe: control.recipe,
    base: null,
    origin: null,
    wanted: ["install"] as const,
    copyOf: null,
    tests: "own" as const,
  };
  if (control.release !== null) {
    const { lane, ...release } = control.release;
    return { ...common, lane: laneOf(run.context.config, lane), target: { ...release, isRelease: true } };
  }
  const { origin, release } = await makeSample(run, control.recipe);
  return { ...common, origin, lane: session.lane, target: { ...release, isRelease: true } };
}

function ofRelease(session: Session, release: VersionRef): ArmPlan {
  const { recipe, lane, red } = session;
  const { version, commit } = release;
  const base = baseOf(session, version);
  const isRelease = commit !== red.target.commit || red.target.tagObject !== null;
  return {
    origin: null,
    recipe,
    lane,
    target: { version, commit, isRelease },
    base,
    wanted: tiersFor(session, base),
    copyOf: null,
    tests: "today",
  };
}

// Tiers after the red one cannot have caused it. If the red tier is not available, the others may show it.
function tiersFor({ red }: Session, base: VersionRef | null): readonly Tier[] {
  const planned = red.row.tiers.map((end) => end.tier);
  if (red.tier === "upgrade" && base === null) return planned;
  const last = red.tier ?? planned.at(-1) ?? "install";
  return planned.filter((tier) => TIERS.indexOf(tier) <= TIERS.indexOf(last));
}

async function withLastGreen(session: Session, plan: ArmPlan): Promise<ArmPlan | { notPossible: string }> {
  const tests = lastGreenTests(session);
  if ("notPossible" in tests) return tests;
  return {
    ...plan,
    // The commands are today's: only the tests, and the files beside them, are from then.
    origin: { ...(await originAtLaunch(session.run, plan.recipe)), folder: tests.folder },
    // The tests that were green then are run, whatever today's rules say about them.
    recipe: { ...plan.recipe, tests: {} },
    tests: "last green",
  };
}

function onCopy(session: Session, release: VersionRef): ArmPlan | { notPossible: string } {
  if (session.canonical === null) return { notPossible: NO_CANONICAL };
  const plan = ofRelease(session, release);
  return { ...plan, base: null, wanted: ["install"], copyOf: canonicalApp(session) };
}

/** The folder of one run's evidence, relative to the run's folder. */
export function evidenceFolder(id: string): string {
  return join("attempts", id);
}
