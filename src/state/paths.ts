import { join } from "node:path";
import { listFolder } from "./files.ts";

/** Places of everything in a state folder; `docs/state.md` describes each file. */
export interface StatePaths {
  root: string;
  /** The id of this state folder, which every object we make carries. */
  id: string;
  lock: string;
  stopRequest: string;
  /** The daemon's last firing. */
  daemon: string;
  exceptions: string;
  /** Known facts about each tool's file, so that a look costs no process. */
  toolCache: string;
  runs: string;
  mirrors: string;
  canonicals: string;
  run(run: string): RunPaths;
  canonical(recipe: string): CanonicalPaths;
  mirror(recipe: string): { bare: string; refs: string };
  /** Data that `lint` fetched before any sweep did, with a lock against other fetches. */
  lintMirror(recipe: string): string;
  lintLock: string;
  data(recipe: string): string;
  snapshot(recipe: string): string;
  scratch(run: string): string;
}

export interface RunPaths {
  folder: string;
  report: string;
  markdown: string;
  html: string;
  junit: string;
  journal: string;
  configuration: string;
  investigation: string;
  recipe(recipe: string): string;
}

export interface CanonicalPaths {
  folder: string;
  record: string;
  kept: string;
  /** The tests that were green, in a folder named by their content. */
  keptTests: string;
  history: string;
  promotion: string;
  /** Exists while a live canonical could not be brought up. */
  down: string;
}

export function statePaths(root: string): StatePaths {
  return {
    root,
    id: join(root, "id"),
    lock: join(root, "lock"),
    stopRequest: join(root, "stop-request.json"),
    daemon: join(root, "daemon.json"),
    exceptions: join(root, "exceptions"),
    toolCache: join(root, "tools.json"),
    runs: join(root, "runs"),
    mirrors: join(root, "mirrors"),
    canonicals: join(root, "canonical"),
    run: (run) => runPaths(join(root, "runs", run)),
    canonical: (recipe) => canonicalPaths(join(root, "canonical", recipe)),
    mirror: (recipe) => ({
      bare: join(root, "mirrors", `${recipe}.git`),
      refs: join(root, "mirrors", `${recipe}.refs.json`),
    }),
    lintMirror: (recipe) => join(root, "mirrors", `${recipe}.lint.git`),
    lintLock: join(root, "mirrors", "lint.lock"),
    data: (recipe) => join(root, "data", recipe),
    snapshot: (recipe) => join(root, "snapshots", recipe),
    scratch: (run) => join(root, "scratch", run),
  };
}

function runPaths(folder: string): RunPaths {
  return {
    folder,
    report: join(folder, "report.json"),
    markdown: join(folder, "report.md"),
    html: join(folder, "report.html"),
    junit: join(folder, "junit.xml"),
    journal: join(folder, "journal.jsonl"),
    configuration: join(folder, "configuration"),
    investigation: join(folder, "investigation.json"),
    recipe: (recipe) => join(folder, recipe),
  };
}

function canonicalPaths(folder: string): CanonicalPaths {
  return {
    folder,
    record: join(folder, "canonical.json"),
    kept: join(folder, "kept"),
    keptTests: join(folder, "tests"),
    history: join(folder, "history.jsonl"),
    promotion: join(folder, "promotion.json"),
    down: join(folder, "down.json"),
  };
}

/** The runs that have a folder, oldest first: an id begins with its time. Other names are skipped. */
export function listRunIds(state: Pick<StatePaths, "runs">): string[] {
  return listFolder(state.runs).filter((name) => /^\d{8}T\d{6}/.test(name));
}
