import { hash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { listProcesses } from "../../../src/host/proc.ts";
import { answerOf } from "../../support/world.ts";
import type { Machine } from "./machine.ts";

/** What there is of a canonical, and of what is not the program's. */
export interface Standing {
  /** The bytes of canonical.json; null where there is none. */
  record: string | null;
  /** Modes and content hashes, by path. */
  data: Files;
  kept: Files;
  history: HistoryLine[];
  /** What the live app answers; null where none runs. */
  runs: string | null;
  /** What is the operator's: configuration, upstreams, a process. */
  foreign: Files;
}

type Files = Readonly<Record<string, string>>;
export type HistoryLine = { event: string; from: string | null; to: string | null; run: string };

/** Looks at everything of the machine's one canonical. */
export async function standingOf({ world, operator }: Machine): Promise<Standing> {
  const inState = (...path: string[]) => join(world.state, ...path);
  return {
    record: world.read("canonical/notes/canonical.json"),
    data: filesBelow(inState("data/notes"), (path) => !/^(run|app\.log$)/.test(path)),
    kept: filesBelow(inState("canonical/notes"), (path) => /^(kept|tests)($|\/)/.test(path)),
    history: historyOf(world.read("canonical/notes/history.jsonl")),
    runs: world.processes().length === 0 ? null : await answerOf(world, "notes"),
    foreign: {
      ...filesBelow(world.configuration, (path) => !/^state($|\/)/.test(path)),
      ...filesBelow(world.upstreams),
      process: listProcesses().some(({ pid, state }) => pid === operator.pid && state !== "Z")
        ? "runs"
        : "gone",
    },
  };
}

/** What is not as it was, of what must be as it was: a line for each. */
export function lostOf(before: Standing, after: Standing): string[] {
  return [
    ...(before.record === after.record ? [] : ["canonical.json"]),
    ...differences(before.data, after.data).map((path) => `data/${path}`),
    ...differences(before.kept, after.kept),
    ...(before.runs === after.runs ? [] : [`the live app: ${before.runs} before, ${after.runs} now`]),
    ...(isPrefix(before.history, after.history) ? [] : ["lines of history.jsonl"]),
  ];
}

/** What the operator has and is no longer as it was. */
export function touchedOf(before: Standing, after: Standing): string[] {
  return differences(before.foreign, after.foreign);
}

/** What an undisturbed promotion leaves, without what belongs to the moment: run, time, the digits of a port. */
export function timeless(standing: Standing): Pick<Standing, "data" | "kept" | "runs"> & { record: unknown } {
  const { record, data, kept, runs } = standing;
  if (record === null) return { record, data, kept, runs };
  const { run: _run, ts: _ts, environment: _environment, volumes, ...rest } = JSON.parse(record);
  const names = volumes.map((volume: { name: string }) => volume.name);
  return { record: { ...rest, volumes: names }, data, kept, runs };
}

/** The version that the record says; null where there is no record, or a revoked one. */
export function versionOf({ record }: Standing): string | null {
  if (record === null) return null;
  const { version, status } = JSON.parse(record) as { version: string; status: string };
  return status === "revoked" ? null : version;
}

/** What stands in the state folder and belongs to no canonical, and processes that are no live one's. */
export function residueOf({ world }: Machine, { runs }: Standing): string[] {
  const processes = world.processes().slice(runs === null ? 0 : 1);
  const files = Object.keys(filesBelow(world.state)).filter((path) => !isExpected(path, runs !== null));
  const temporary = Object.keys(filesBelow(world.state)).filter((path) => path.endsWith(".tmp"));
  const folders = ["snapshots/notes", "scratch", "data"].flatMap((folder) => {
    const path = join(world.state, folder);
    const found = existsSync(path) ? readdirSync(path) : [];
    return found.filter((name) => `${folder}/${name}` !== "data/notes").map((name) => `${folder}/${name}`);
  });
  return [
    ...new Set([...files, ...temporary, ...folders, ...processes.map((pid) => `process ${pid}`)]),
  ].sort();
}

const EXPECTED = [
  /^(id|lock|tools\.json)$/,
  /^(runs|mirrors)\//,
  /^canonical\/notes\/(canonical\.json|history\.jsonl|kept\/(\.env|secrets\.json)|tests\/[0-9a-f]{64}\/.+)$/,
  /^data\/notes\//,
];

function isExpected(path: string, isLive: boolean): boolean {
  if (isLive && path === "deployed/warm-notes.ci.test.json") return true;
  return EXPECTED.some((pattern) => pattern.test(path));
}

function historyOf(text: string | null): HistoryLine[] {
  const lines = (text ?? "").split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { event, from, to, run } = JSON.parse(line) as HistoryLine;
    return { event, from, to, run };
  });
}

function filesBelow(folder: string, isMeant: (path: string) => boolean = () => true): Record<string, string> {
  if (!existsSync(folder)) return {};
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths
      .filter((path) => isMeant(relative(folder, path)))
      .sort()
      .map((path) => [relative(folder, path), contentOf(path)]),
  );
}

function contentOf(path: string): string {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return `→ ${readlinkSync(path)}`;
  return `${(stat.mode & 0o777).toString(8)} ${hash("sha256", readFileSync(path))}`;
}

function differences(before: Files, after: Files): string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => before[path] !== after[path]).sort();
}

function isPrefix(before: readonly HistoryLine[], after: readonly HistoryLine[]): boolean {
  return before.every((line, index) => JSON.stringify(line) === JSON.stringify(after[index]));
}
