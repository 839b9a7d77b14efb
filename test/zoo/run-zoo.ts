import { createInterface } from "node:readline";
import type { RecipeReport, Report } from "../../src/core/records/report.ts";
import { documentOf } from "../support/document.ts";
import { type Neighbour, startNeighbour } from "../support/neighbour.ts";
import type { RunningProgram } from "../support/program.ts";
import { investigate } from "./investigate.ts";
import type { ZooRecipe } from "./recipe.ts";
import { openZoo, type Zoo } from "./world.ts";

export interface ZooOptions {
  /** Somebody else computes beside both sweeps. */
  load: boolean;
  /** Whether the reds are investigated, which takes most of the time. */
  investigate: boolean;
  /** Keeps the folder with the evidence. */
  keep: boolean;
  say(line: string): void;
  /** Ends it, and removes all that it made. */
  signal?: AbortSignal;
}

/** What the program said of a recipe. */
export interface ZooRow {
  recipe: string;
  /** The labels of the two sweeps. */
  labels: [string, string];
  /** Of the last sweep. */
  detail: string;
  /** What `investigate` says of a red; null where there is no red. */
  cause: string | null;
  confidence: string | null;
  /** Rules of `lint` of level error and warning, each once, in their order. */
  lint: string[];
}

/** So many processes a processor: enough that a client in the background gets next to nothing. */
const NEIGHBOURS = 2;

/** Sweeps these recipes, lets a week pass, sweeps again, and asks `lint` and `investigate`; as people would. */
export async function runZoo(recipes: readonly ZooRecipe[], options: ZooOptions): Promise<ZooRow[]> {
  const zoo = await openZoo(recipes, options.signal);
  options.say(`the evidence is in ${zoo.state}`);
  const load = options.load ? startNeighbour(1) : null;
  try {
    const first = await sweep(zoo, "first", [], options);
    zoo.passTheWeek();
    const noisy = recipes.filter(({ hasNeighbour }) => hasNeighbour === true);
    const second = await sweep(zoo, "second", noisy, options);
    load?.end();
    const findings = await lint(zoo);
    const rows: ZooRow[] = [];
    for (const { name, isTriedAgain } of recipes) {
      const [before, now] = [rowOf(first, name), rowOf(second, name)];
      if (options.investigate && isTriedAgain === true) await zoo.start("--json", "run", name).end;
      const found = options.investigate && isRed(now) ? await investigate(zoo, name, options.say) : null;
      rows.push({
        recipe: name,
        labels: [before.label, now.label],
        detail: now.detail,
        cause: found?.cause ?? null,
        confidence: found?.confidence ?? null,
        lint: findings.get(name) ?? [],
      });
    }
    return rows;
  } finally {
    load?.end();
    await zoo.close(options);
  }
}

async function sweep(
  zoo: Zoo,
  which: string,
  noisy: readonly ZooRecipe[],
  { say }: ZooOptions,
): Promise<Report> {
  const began = Date.now();
  const running = zoo.start("--json", "sweep");
  const neighbours = new Map<string, Neighbour>();
  onProgress(running, ({ msg, recipe = "", label = "" }) => {
    if (msg === "started" && noisy.some(({ name }) => name === recipe))
      neighbours.set(recipe, startNeighbour(NEIGHBOURS));
    if (msg !== "ended") return;
    neighbours.get(recipe)?.end();
    say(`${which} sweep, ${secondsSince(began)} s: ${recipe}: ${label}`);
  });
  try {
    const report = documentOf<Report>(await running.end);
    say(`${which} sweep: ended after ${secondsSince(began)} s with ${report.exit}`);
    return report;
  } finally {
    for (const neighbour of neighbours.values()) neighbour.end();
  }
}

interface ProgressLine {
  msg?: string;
  recipe?: string;
  label?: string;
}

function onProgress({ child }: RunningProgram, heard: (line: ProgressLine) => void): void {
  if (child.stderr === null) return;
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (line.startsWith("{")) heard(JSON.parse(line) as ProgressLine);
  });
}

async function lint(zoo: Zoo): Promise<Map<string, string[]>> {
  interface LintDocument {
    rows: { recipe: string; problem: string | null; findings: { rule: string; level: string }[] }[];
  }
  const { rows } = documentOf<LintDocument>(await zoo.start("--json", "lint").end);
  return new Map(
    rows.map(({ recipe, problem, findings }) => {
      const rules = findings.filter(({ level }) => level !== "note").map(({ rule }) => rule);
      return [recipe, [...new Set([...(problem === null ? [] : [problem]), ...rules])].sort()];
    }),
  );
}

function rowOf(report: Report, name: string): RecipeReport {
  const row = report.recipes.find(({ recipe }) => recipe === name);
  if (row === undefined) throw new Error(`the report of ${report.run} has no row for ${name}`);
  return row;
}

function isRed({ label }: RecipeReport): boolean {
  return /^(?:FAIL|GREEN-BUT-PROMOTE-FAILED|BLOCKED \(machinery)/.test(label);
}

function secondsSince(began: number): number {
  return Math.round((Date.now() - began) / 1000);
}
