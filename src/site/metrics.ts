import { Gauge, Registry } from "prom-client";
import { kindOf } from "../core/label/label.ts";
import { LABEL_KINDS } from "../core/outcome.ts";
import { wasExecuted } from "../core/tier.ts";
import { needsPerson } from "../core/view/status-view.ts";
import { readCachedRefs } from "../mirror/refs-cache.ts";
import type { Answer } from "./answer.ts";
import type { SiteSource } from "./source.ts";
import type { Standings } from "./standing.ts";

const PREFIX = "canonical_sweep_";

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [value: number, labels?: Labels];

/** `/metrics` as OpenMetrics. An unknown value has no sample: it is never 0. */
export async function metricsAnswer(source: SiteSource, standings: Standings): Promise<Answer> {
  const registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const gauge = (name: string, help: string, samples: readonly Sample[]) => {
    const labelNames = Object.keys(samples[0]?.[1] ?? {});
    const made = new Gauge({ name: PREFIX + name, help, labelNames, registers: [registry] });
    for (const [value, labels = {}] of samples) made.set({ ...labels }, value);
    if (samples.length === 0) registry.removeSingleMetric(PREFIX + name);
  };
  buildInfo(source, standings, gauge);
  sweepMetrics(standings, gauge);
  recipeMetrics(source, standings, gauge);
  return { status: 200, type: registry.contentType, body: await registry.metrics() };
}

type Add = (name: string, help: string, samples: readonly Sample[]) => void;

function buildInfo({ program }: SiteSource, standings: Standings, gauge: Add): void {
  const { sweep } = standings.status();
  gauge("build_info", "The program, and the environment of the last sweep; always 1.", [
    [1, { version: program.version, node: program.node, environment: sweep?.environment.fingerprint ?? "" }],
  ]);
  const atWork = standings.atWork();
  gauge("at_work", "1 while a run is at work.", [[atWork === null ? 0 : 1]]);
  gauge("at_work_since_timestamp_seconds", "When the run at work began.", times(atWork?.since));
}

function sweepMetrics(standings: Standings, gauge: Add): void {
  const status = standings.status();
  const { down, sweep, rows, problems } = status;
  gauge("unreadable_files", "Records and reports that cannot be read.", [[problems.length]]);
  gauge(
    "last_sweep_not_hollow_timestamp_seconds",
    "When the last sweep ended that was not hollow.",
    times(standings.lastNotHollow()),
  );
  gauge("needs_person_recipes", "Recipes that somebody has to act on.", [[needsPerson(status)]]);
  gauge("down_canonicals", "Live canonicals that are down, or not known to be up.", [[down.length]]);
  gauge(
    "down_since_timestamp_seconds",
    "Since when a live canonical is not known to be up.",
    down.flatMap(({ recipe, since }) => times(since, { recipe })),
  );
  gauge(
    "recipes",
    "Recipes by the kind of the label that they have now.",
    LABEL_KINDS.map((label) => [rows.filter(({ row }) => kindOf(row) === label).length, { label }]),
  );
  if (sweep === null) return;
  const { honesty } = sweep;
  gauge("last_sweep_timestamp_seconds", "When the last sweep ended.", times(sweep.endedAt));
  gauge("last_sweep_duration_seconds", "How long the last sweep took.", [
    [(Date.parse(sweep.endedAt) - Date.parse(sweep.startedAt)) / 1000],
  ]);
  gauge("last_sweep_exit_code", "The exit code of the last sweep.", [[sweep.exit]]);
  gauge("last_sweep_hollow", "1 where the last sweep was hollow.", [[honesty.hollow ? 1 : 0]]);
  gauge("last_sweep_planned_tiers", "Tiers that the last sweep planned.", [[honesty.tiersPlanned]]);
  gauge("last_sweep_executed_tiers", "Tiers that the last sweep executed.", [[honesty.tiersExecuted]]);
  gauge(
    "sweep_recipes",
    "Recipes of the last sweep by the kind of their label.",
    LABEL_KINDS.map((label) => [sweep.recipes.filter((row) => kindOf(row) === label).length, { label }]),
  );
  gauge(
    "disk_free_bytes",
    "Free disk space at the end of the last sweep.",
    sweep.disk.free === null ? [] : [[sweep.disk.free]],
  );
}

function recipeMetrics({ state, clock, configuration }: SiteSource, standings: Standings, gauge: Add): void {
  const { rows, canonicals } = standings.status();
  gauge(
    "tier_seconds",
    "How long a tier took when the recipe was last tested.",
    rows.flatMap(({ row: { recipe, tiers } }) =>
      tiers.filter(wasExecuted).map(({ tier, durationMs }): Sample => [durationMs / 1000, { recipe, tier }]),
    ),
  );
  gauge(
    "label_since_timestamp_seconds",
    "Since when the label of a recipe is of its kind.",
    rows.flatMap(({ row, since }) => times(since, { recipe: row.recipe, label: kindOf(row) ?? "none" })),
  );
  const statuses = canonicals.map(({ reading }) =>
    reading.state === "read" ? reading.record.status : "unreadable",
  );
  gauge(
    "canonicals",
    "Records of canonicals by their status.",
    ["idle", "live", "revoked", "unreadable"].map((status) => [
      statuses.filter((each) => each === status).length,
      { status },
    ]),
  );
  const enrolled = (configuration().config?.recipes ?? []).filter((recipe) => recipe.enrolled);
  gauge(
    "mirror_age_seconds",
    "How long ago upstream was asked for the tags of a recipe.",
    enrolled.flatMap(({ recipe }): Sample[] => {
      const refs = readCachedRefs(state, recipe);
      return refs.state === "read" ? [[(clock.now() - Date.parse(refs.askedAt)) / 1000, { recipe }]] : [];
    }),
  );
}

function times(at: string | null | undefined, labels: Labels = {}): Sample[] {
  const ms = Date.parse(at ?? "");
  return Number.isNaN(ms) ? [] : [[ms / 1000, labels]];
}
