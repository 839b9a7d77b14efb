import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Canonical } from "../../src/core/canonical.ts";
import { RecipeReport, Report } from "../../src/core/records/report.ts";
import { TIERS, type TierEnd } from "../../src/core/tier.ts";
import { writeCachedRefs } from "../../src/mirror/refs-cache.ts";
import { type StatePaths, statePaths } from "../../src/state/paths.ts";
import { reportWith, rowWith } from "./report.ts";

/** When all of these worlds are looked at: a Monday morning. */
export const MONDAY = Date.parse("2026-06-15T07:12:00Z");
const SUNDAY = Date.parse("2026-06-14T03:00:00Z");
const WEEK_MS = 7 * 86_400_000;

const NAMES = [
  ...["authentik", "backup-bot-two", "bonfire", "collabora", "cryptpad", "discourse", "drone", "element-web"],
  ...[
    "focalboard",
    "funkwhale",
    "ghost",
    "gitea",
    "grafana",
    "hedgedoc",
    "immich",
    "jitsi",
    "keycloak",
    "lasuite",
  ],
  ...[
    "mastodon",
    "matrix-synapse",
    "mattermost",
    "mediawiki",
    "minio",
    "mobilizon",
    "n8n",
    "nextcloud",
    "onlyoffice",
  ],
  ...[
    "outline",
    "peertube",
    "pixelfed",
    "plausible",
    "pretix",
    "rallly",
    "rauthy",
    "redmine",
    "rocketchat",
    "snikket",
  ],
  ...[
    "traefik",
    "umami",
    "uptime-kuma",
    "vaultwarden",
    "vikunja",
    "wallabag",
    "wekan",
    "wordpress",
    "zammad",
  ],
];

/** A state folder of so many recipes and weeks, written through the schemas of the files. */
export function writeState(
  root: string,
  given: { recipes: number; weeks: number; reds: boolean },
): StatePaths {
  const state = statePaths(root);
  const names = Array.from({ length: given.recipes }, (_, index) => {
    const name = NAMES[index % NAMES.length] ?? "";
    return index < NAMES.length ? name : `${name}-${Math.floor(index / NAMES.length) + 1}`;
  }).sort();
  for (let week = given.weeks - 1; week >= 0; week--) writeSweep(state, names, week, given.reds);
  for (const [index, name] of names.entries()) writeRecords(state, name, index);
  return state;
}

function writeSweep(state: StatePaths, names: readonly string[], week: number, reds: boolean): void {
  const start = SUNDAY - week * WEEK_MS;
  const run = `${new Date(start).toISOString().replaceAll(/[-:.]/g, "")}-0a1b2c3d`;
  const rows = names.map((name, index) => rowOf(name, index, week, reds));
  const tested = rows.filter((row) => row.tiers.length > 0);
  const endedMs = start + tested.reduce((sum, row) => sum + row.durationMs, 90_000);
  const report = reportWith(rows, {
    run,
    startedAt: new Date(start).toISOString(),
    endedAt: new Date(endedMs).toISOString(),
    exit: rows.some((row) => row.needsHuman) ? 3 : 0,
    configuration: { path: "/etc/canonical-sweep", commit: "4be1c7d0".repeat(5), dirty: false },
    disk: { free: 212_000_000_000, canonicals: 31_000_000_000 },
    notEnrolled: [{ recipe: "lemmy", reason: "its upstream is archived" }],
  });
  write(state.run(run).report, JSON.stringify(Report.parse(report)));
  writeJournal(state, run, tested, start);
  for (const row of rows.filter(({ brief }) => brief !== null)) writeEvidence(state, run, row);
}

function rowOf(recipe: string, index: number, week: number, reds: boolean): RecipeReport {
  const version = canonicalOf(recipe, index);
  const canonical = { version, commit: commitOf(index) };
  const quiet = rowWith({
    recipe,
    canonicalBefore: canonical,
    canonicalAfter: canonical,
    detail: `${version} is the latest release and is proven`,
  });
  const red = reds ? RED_ROWS[recipe]?.(week) : undefined;
  if (red !== undefined)
    return RecipeReport.parse({ ...quiet, ...red, brief: red.brief === null ? null : `${recipe}/brief.md` });
  if ((index + week) % 9 !== 0) return quiet;
  return RecipeReport.parse({
    ...quiet,
    decision: { action: "RUN", reason: "new-release", reasons: ["new-release"] },
    target: { version, commit: commitOf(index), tagObject: commitOf(index + 500) },
    tiers: tiersOf(null, index, week),
    label: `PASS (promoted ${version})`,
    detail: "all planned tiers are green",
    durationMs: 140_000 + ((index * 37 + week * 53) % 11) * 31_000,
  });
}

const RED_ROWS: Record<string, (week: number) => Partial<RecipeReport> | undefined> = {
  hedgedoc: (week) =>
    week > 2
      ? undefined
      : red({
          version: "1.10.0+1.10.2",
          tiers: tiersOf("restore", 5, week),
          label: "FAIL (red at restore; canonical unchanged: 1.9.3+1.9.9)",
          detail:
            'restore: tests/data/verify: the sentinel is gone: the database was restored while the app still had the old one open\nerror: relation "Notes" does not exist',
        }),
  immich: (week) =>
    week > 0
      ? undefined
      : red({
          version: "0.9.0+v1.134.0",
          tiers: tiersOf("install", 2, week),
          label: "FAIL (red at install; canonical unchanged: 0.8.2+v1.132.3)",
          detail:
            'install: database: container exited with 1, 5 times, never up for longer than 4 s: error: type "vectors.vector" does not exist',
        }),
  nextcloud: (week) =>
    week > 0
      ? undefined
      : red({
          version: "11.2.0+31.0.5-fpm",
          tiers: tiersOf(null, 14, week),
          label: "GREEN-BUT-PROMOTE-FAILED (canonical=11.1.0+31.0.4-fpm, expected 11.2.0+31.0.5-fpm)",
          detail: "rolled back at read-back: the app answers 31.0.4.1, and 31.0.5 was deployed",
          promotion: {
            kind: "advance",
            from: "11.1.0+31.0.4-fpm",
            to: "11.2.0+31.0.5-fpm",
            result: "rolled-back",
            step: "read-back",
            reason: "the app answers 31.0.4.1",
            durationMs: 93_000,
          },
        }),
  "matrix-synapse": (week) =>
    week > 1
      ? undefined
      : red({
          label: "BLOCKED (sync-failed)",
          detail:
            "fatal: unable to access 'https://git.coopcloud.tech/coop-cloud/matrix-synapse.git/': The requested URL returned error: 503",
          brief: null,
          command: "canonical-sweep explain matrix-synapse",
        }),
  zammad: () =>
    red({
      version: "1.0.3+6.5.0",
      tiers: tiersOf("upgrade", 9, 0),
      label: "FAIL (red at upgrade; canonical unchanged: 1.0.1+6.3.1)",
      detail: "upgrade: elasticsearch has no index after the upgrade",
      needsHuman: false,
      acknowledged: { reason: "upstream works on it: issue 41", until: "2026-07-01" },
    }),
  vikunja: (week) =>
    week > 0
      ? undefined
      : red({
          label: "NOT-RUN (sweep-deadline)",
          detail: "the sweep's limit came first",
          needsHuman: false,
          brief: null,
        }),
};

function red(more: Partial<RecipeReport> & { version?: string }): Partial<RecipeReport> {
  const { version, ...row } = more;
  return {
    decision: { action: "RUN", reason: "new-release", reasons: ["new-release"] },
    target: version === undefined ? null : { version, commit: commitOf(77), tagObject: commitOf(78) },
    needsHuman: true,
    brief: "brief.md",
    durationMs: 402_000,
    ...row,
  };
}

function tiersOf(failed: TierEnd["tier"] | null, index: number, week: number): TierEnd[] {
  const at = failed === null ? TIERS.length : TIERS.indexOf(failed);
  return TIERS.map((tier, place): TierEnd => {
    const durationMs = 9_000 + ((index * 13 + place * 29 + week * 7) % 17) * 5_500;
    const tests = [{ name: `tests/${tier}/works`, status: "passed" as const, durationMs: 2100 }];
    if (place < at) return { tier, status: "passed", durationMs, tests };
    if (place === at)
      return { tier, status: "failed", reason: "it did not become what it must be", durationMs };
    return { tier, status: "not-reached", because: TIERS[at] ?? "install", durationMs: 0 };
  });
}

function writeJournal(state: StatePaths, run: string, rows: readonly RecipeReport[], start: number): void {
  let at = start + 30_000;
  const lines: object[] = [];
  const note = (event: string, facts: object) =>
    lines.push({ ts: new Date(at).toISOString(), run, event, ...facts });
  for (const { recipe, target, tiers, label, durationMs } of rows) {
    const begin = at;
    note("started", { recipe, version: target?.version });
    for (const { tier, status, durationMs: took } of tiers) {
      if (status === "not-reached") continue;
      note("tier-began", { recipe, tier });
      at += took;
      note("tier-ended", { recipe, tier, status, durationMs: took });
    }
    at += 11_000;
    note("torn-down", { recipe, residue: [] });
    at = Math.max(at, begin + durationMs);
    note("labelled", { recipe, label });
  }
  write(state.run(run).journal, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

function writeEvidence(state: StatePaths, run: string, row: RecipeReport): void {
  const folder = state.run(run).recipe(row.recipe);
  write(join(folder, "brief.md"), briefOf(row));
  for (const { tier, status } of row.tiers)
    if (status !== "not-reached")
      write(
        join(folder, `${tier}.log`),
        Array.from(
          { length: 40 },
          (_, line) =>
            `2026-06-14T03:${String(line).padStart(2, "0")}:00.000Z ${tier}: line ${line + 1} of what the service said\n`,
        ).join(""),
      );
}

function briefOf({ recipe, label, detail, target }: RecipeReport): string {
  return `# ${recipe}: ${label}

## What broke

    ${detail.replaceAll("\n", "\n    ")}

## Scope

- tested: ${target?.version ?? "nothing"}, commit \`${target?.commit ?? "none"}\`
- evidence: the folder \`${recipe}\` of the run

## To see it again

    canonical-sweep run ${recipe} --tag ${target?.version ?? "none"}
`;
}

function writeRecords(state: StatePaths, recipe: string, index: number): void {
  const [version, commit] = [canonicalOf(recipe, index), commitOf(index)];
  const record = Canonical.parse({
    recipe,
    version,
    commit,
    status: index % 17 === 0 ? "live" : "idle",
    ts: "2026-05-03T03:41:12Z",
    schema: 1,
    tagObject: commitOf(index + 500),
    lane: "main",
    driver: "swarm",
    sentinel: "planted",
    tiers: [...TIERS],
  });
  write(state.canonical(recipe).record, JSON.stringify(record));
  const older = version.replace(
    /^(\d+)\.(\d+)/,
    (_all, major, minor) => `${major}.${Math.max(0, Number(minor) - 1)}`,
  );
  const tags = [older, version, "latest"].map((name, place) => ({
    name,
    object: commitOf(index + place),
    commit: commitOf(index + place + 1),
  }));
  writeCachedRefs(state, recipe, {
    upstream: `https://git.coopcloud.tech/coop-cloud/${recipe}.git`,
    askedAt: "2026-06-14T03:00:41.000Z",
    refs: { defaultBranch: "main", head: commit, tags },
  });
}

/** The canonicals that the red rows speak of. */
const CANONICALS: Record<string, string> = {
  hedgedoc: "1.9.3+1.9.9",
  immich: "0.8.2+v1.132.3",
  nextcloud: "11.1.0+31.0.4-fpm",
  zammad: "1.0.1+6.3.1",
};

function canonicalOf(recipe: string, index: number): string {
  return CANONICALS[recipe] ?? versionOf(index);
}

function versionOf(index: number): string {
  return `${1 + (index % 4)}.${1 + (index % 7)}.${index % 3}+${2 + (index % 9)}.${index % 20}.${index % 5}`;
}

function commitOf(index: number): string {
  return (index * 2_654_435_761 + 97).toString(16).padStart(10, "0").repeat(4).slice(0, 40);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
