import { readRecord } from "../canonical/store.ts";
import type { Down } from "../core/down.ts";
import { kindOf } from "../core/label/label.ts";
import { isBroken, readTags } from "../core/release-tag.ts";
import type { HistoryLine } from "../core/view/history-lines.ts";
import type { StandingRow } from "../core/view/status-view.ts";
import { dayIn, isInForce, readExceptions } from "../exceptions/store.ts";
import { readCachedRefs } from "../mirror/refs-cache.ts";
import type { HistoryBar } from "../page/charts.ts";
import type { RecipeView } from "../page/recipe-page.ts";
import { briefOf } from "./brief.ts";
import { footFacts, type SiteSource } from "./source.ts";
import type { Standings } from "./standing.ts";

/** What is known of a recipe; null where no configuration, report, record or mirror knows the name. */
export async function recipeView(
  source: SiteSource,
  standings: Standings,
  recipe: string,
): Promise<RecipeView | null> {
  const { state, clock } = source;
  const configured = source.configuration().config?.recipes.find((each) => each.recipe === recipe);
  const { down: downs, rows } = standings.status();
  const last = rows.find(({ row }) => row.recipe === recipe) ?? null;
  const history = standings.history(recipe);
  const record = readRecord(state.canonical(recipe), recipe);
  const refs = readCachedRefs(state, recipe);
  const isKnown =
    last !== null || history.lines.length > 0 || record.state !== "absent" || refs.state !== "absent";
  if (configured === undefined && !isKnown) return null;
  const canonical = record.state === "read" ? record.record : null;
  const bars = barsOf(history.lines);
  const briefRun = last?.row.brief == null ? null : last.run;
  const brief = briefRun === null ? null : await briefOf(state, briefRun, recipe);
  return {
    now: clock.now(),
    recipe,
    last: last && lastOf(last),
    canonical:
      canonical &&
      canonicalFacts(
        canonical,
        downs.find((each) => each.recipe === recipe),
      ),
    canonicalProblem: record.state === "unreadable" ? record.problem : null,
    exceptions: exceptionFacts(source, recipe),
    bars,
    events: history.lines,
    releases:
      refs.state === "read" ? releasesOf(refs.refs.tags, canonical?.version, configured?.broken ?? {}) : [],
    askedAt: refs.state === "read" ? refs.askedAt : null,
    lint: await source.lint(recipe),
    brief: brief === null || briefRun === null ? null : { run: briefRun, content: brief },
    problems: [...history.problems, ...(refs.state === "unreadable" ? [refs.problem] : [])],
    facts: footFacts(source),
  };
}

function lastOf({ row, run, at, since, command }: StandingRow): RecipeView["last"] {
  const { label, detail, needsHuman } = row;
  return { run, label, kind: kindOf(row), detail, since, at, command, needsHuman };
}

function barsOf(lines: readonly HistoryLine[]): HistoryBar[] {
  return lines.flatMap(({ isLabel, kind, at, run, what, durationMs, canonical }) =>
    isLabel && run !== null ? [{ at, run, label: what, kind, durationMs: durationMs ?? 0, canonical }] : [],
  );
}

function canonicalFacts(
  record: Extract<ReturnType<typeof readRecord>, { state: "read" }>["record"],
  down: Down | undefined,
): [string, string][] {
  const {
    version,
    commit,
    status,
    ts,
    run,
    lane,
    domain,
    driver,
    sentinel,
    tiers,
    volumes,
    adopted,
    revoked,
  } = record;
  const facts: [string, string | undefined][] = [
    ["version", version],
    ["commit", commit],
    ["status", down === undefined ? status : `${status}, DOWN: ${down.problem}`],
    ["written", ts],
    ["run", run],
    ["lane", lane],
    ["domain", domain],
    ["driver", driver],
    [
      "data",
      adopted ? "adopted: nothing here has proven it" : sentinel === "planted" ? "proven" : "not proven",
    ],
    ["tiers", tiers?.join(", ")],
    ["volumes", volumes?.map(({ name }) => name).join(", ")],
    ["revoked", revoked?.reason],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
}

function exceptionFacts(source: SiteSource, recipe: string): [string, string][] {
  const exceptions = readExceptions(source.state, recipe);
  if (exceptions.state === "unreadable") return [["cannot be read", exceptions.problem]];
  const { hold, acknowledgement } = exceptions.value;
  const today = dayIn(source.configuration().config?.timezone ?? "UTC", source.clock.now());
  const fact = (name: string, exception: typeof hold): [string, string][] => {
    if (exception === null) return [];
    const end = isInForce(exception, today)
      ? `until ${exception.until}`
      : `until ${exception.until}, which has passed`;
    const owner = exception.owner === undefined ? "" : `, ${exception.owner}`;
    return [[name, `${exception.reason} (${end}${owner})`]];
  };
  return [...fact("held", hold), ...fact("known red", acknowledgement)];
}

function releasesOf(
  tags: Parameters<typeof readTags>[0],
  canonical: string | undefined,
  broken: Readonly<Record<string, string>>,
): RecipeView["releases"] {
  const { releases, notReleases } = readTags(tags);
  const latest = releases.findLast(({ name }) => !isBroken(name, broken))?.name;
  const words = (name: string, isLightweight: boolean) =>
    [
      isBroken(name, broken) ? `broken: ${broken[name]}` : "release",
      ...(name === latest ? ["the latest"] : []),
      ...(name === canonical ? ["the canonical"] : []),
      ...(isLightweight ? ["a lightweight tag"] : []),
    ].join(", ");
  return [
    ...releases
      .toReversed()
      .map(({ name, commit, object }) => ({ name, commit, is: words(name, object === commit) })),
    ...notReleases.map(({ name, reason }) => ({ name, commit: "", is: `no release: ${reason}` })),
  ];
}
