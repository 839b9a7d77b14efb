import { PROMOTION_STEPS, type PromotionStep } from "../../../src/canonical/promotion-journal.ts";
import type { SwarmRecipe } from "../../sweep-swarm/world-recipe.ts";
import type { StopPoint } from "./stop-point.ts";

export type Promotion = "seed, idle" | "seed, live" | "advance, idle" | "advance, live";

/** A point of a promotion, or of its rollback, at which the program is killed. */
export interface KillPoint {
  /** What a line of the report says. */
  name: string;
  at(recipe: SwarmRecipe): Omit<StopPoint, "signal">;
  /** The step that the rollback names; null: none has begun. */
  step: PromotionStep | null;
  /** What must stand after the next start. */
  ends: "old" | "new";
  /** The promotions that come by it. */
  of: readonly Promotion[];
  /** Those in which it is produced each time; in the others only with `FAULTS_DEPTH=all`. */
  always: readonly Promotion[];
}

const PROMOTIONS: readonly Promotion[] = ["seed, idle", "seed, live", "advance, idle", "advance, live"];
const ADVANCES: readonly Promotion[] = ["advance, idle", "advance, live"];
const SEEDS: readonly Promotion[] = ["seed, idle", "seed, live"];

/** The points of a promotion that end with the old canonical, or with the new one. */
export function killPointsOf(promotion: Promotion, ends: "old" | "new"): KillPoint[] {
  const isWanted = process.env.FAULTS_DEPTH === "all" ? "of" : "always";
  const points = [...BETWEEN_STEPS, ...WITHIN_STEPS, ...AROUND_THE_RECORD];
  return points.filter((point) => point.ends === ends && point[isWanted].includes(promotion));
}

const BETWEEN_STEPS: KillPoint[] = PROMOTION_STEPS.flatMap((step, index) => [
  says("before", step, PROMOTION_STEPS[index - 1] ?? null, []),
  says("after", step, step, step === "stop" ? ADVANCES : ["advance, idle"]),
]);

const WITHIN_STEPS: KillPoint[] = [
  during("while the live one is undeployed", "stop", () => "service rm", ["advance, live"]),
  during("while the data is copied aside", "snapshot", ({ stack }) => `${stack}_data/_data/. `, ADVANCES),
  {
    ...says("after", "snapshot", "snapshot", []),
    name: "when the copy is complete",
    at: () => ({ when: "after", act: "replace", what: "promotion.json", saying: '"snapshotComplete": true' }),
    of: ADVANCES,
  },
  during(
    "while a secret of the new release is made",
    "deploy",
    ({ stack }) => `-- ${stack}_extra_v1`,
    ADVANCES,
    [],
  ),
  during(
    "while the new release is deployed",
    "deploy",
    ({ stack }) => `--with-registry-auth -- ${stack}`,
    PROMOTIONS,
  ),
  during("while the sentinel is planted", "sentinel", () => "tests/data/seed", SEEDS, ["seed, idle"]),
  during("while it is stopped, to start on its own data", "sentinel", () => "service rm", SEEDS, [
    "seed, idle",
  ]),
  during("while the sentinel is looked for", "sentinel", () => "tests/data/verify", PROMOTIONS, [
    "advance, live",
  ]),
  {
    ...says("after", "retain", "retain", []),
    name: "when the new secrets are kept and the new .env is not",
    at: ({ name }) => ({ when: "after", act: "replace", what: `canonical/${name}/kept/secrets.json` }),
    always: ["advance, idle"],
  },
  during("while it is undeployed with its data retained", "retain", () => "service rm", ["advance, idle"]),
];

const AROUND_THE_RECORD: KillPoint[] = [
  around("before", "canonical.json is replaced", "old", "canonical.json", PROMOTIONS),
  around("after", "canonical.json is replaced", "new", "canonical.json", PROMOTIONS),
  {
    ...around("before", "", "new", "snapshots/notes", ADVANCES),
    name: "with half of the copied data removed",
    at: ({ name }) => ({ when: "within", act: "remove", what: `snapshots/${name}`, first: "data/volumes" }),
    of: ADVANCES,
    always: ["advance, idle"],
  },
  {
    ...around("before", "promotion.json is removed", "new", "promotion.json", []),
    at: () => ({ when: "before", act: "remove", what: "promotion.json" }),
  },
  {
    ...around("after", "promotion.json is removed", "new", "promotion.json", ["advance, idle"]),
    at: () => ({ when: "after", act: "remove", what: "promotion.json" }),
  },
];

/** The points of the rollback of an idle advance that has a complete copy and has spoilt the data, in their order. */
export const ROLLBACK_POINTS: readonly Pick<KillPoint, "name" | "at">[] = [
  { name: "while the new release is undeployed", at: () => starts("after", "service rm") },
  {
    name: "with the volume emptied and nothing in it yet",
    at: ({ stack }) => starts("before", restoring(stack)),
  },
  { name: "while the data is copied back", at: ({ stack }) => starts("after", restoring(stack)) },
  {
    name: "when the old secrets are kept again and the old .env is not",
    at: ({ name }) => ({ when: "after", act: "replace", what: `canonical/${name}/kept/secrets.json` }),
  },
  { name: "while a secret of the new release is removed", at: () => starts("after", "secret rm") },
  {
    name: "before promotion.json is removed",
    at: () => ({ when: "before", act: "remove", what: "promotion.json" }),
  },
  {
    name: "with half of the copied data removed",
    at: ({ name }) => ({ when: "within", act: "remove", what: `snapshots/${name}`, first: "data/volumes" }),
  },
];

function says(
  when: "before" | "after",
  step: PromotionStep,
  said: PromotionStep | null,
  always: readonly Promotion[],
): KillPoint {
  const saying = `"step": "${step}"`;
  const at = () => ({ when, act: "replace" as const, what: "promotion.json", saying });
  return {
    name: `${when} promotion.json says "${step}"`,
    at,
    step: said,
    ends: "old",
    of: PROMOTIONS,
    always,
  };
}

function during(
  name: string,
  step: PromotionStep,
  what: (recipe: SwarmRecipe) => string,
  of: readonly Promotion[],
  always = of,
): KillPoint {
  return {
    name,
    step,
    ends: "old",
    of,
    always,
    at: (recipe) => ({ ...starts("after", what(recipe)), since: step }),
  };
}

function around(
  when: "before" | "after",
  name: string,
  ends: "old" | "new",
  what: string,
  always: readonly Promotion[],
): KillPoint {
  const at = () => ({ when, act: "replace" as const, what });
  return { name: `${when} ${name}`, at, step: "record", ends, of: PROMOTIONS, always };
}

function starts(when: "before" | "after", what: string): Omit<StopPoint, "signal"> {
  return { when, act: "start", what };
}

function restoring(stack: string): string {
  return `data/volumes/${stack}_data/. `;
}
