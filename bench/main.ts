import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Bench, Figure } from "./figure.ts";
import { measureIdleDaemon } from "./figures/idle-daemon.ts";
import { measureLargePlan } from "./figures/large-plan.ts";
import { measureOwnTime } from "./figures/own-time.ts";
import { measurePlanAndSync } from "./figures/plan-and-sync.ts";
import { measureStartUp } from "./figures/start-up.ts";
import { renderFigures } from "./table.ts";

const USAGE = `npm run bench -- [--rounds N] [--large] [FIGURE…]
  --rounds N   how often everything is measured, 5 unless said; the median is shown
  --large      the plan of 5,000 recipes too, which takes some minutes
  FIGURE       start-up, plan, own-time or idle-daemon; all of them unless said
`;

type Measure = (bench: Bench) => Promise<Figure[]>;

const MEASURES: Readonly<Record<string, Measure>> = {
  "start-up": measureStartUp,
  plan: measurePlanAndSync,
  "own-time": measureOwnTime,
  "idle-daemon": measureIdleDaemon,
};

process.exitCode = await main(process.argv.slice(2));

async function main(words: string[]): Promise<number> {
  const options = readOptions(words);
  if (options === null) return refuse();
  const folder = mkdtempSync(join(tmpdir(), "canonical-sweep-bench-"));
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    const figures: Figure[] = [];
    for (const [name, measure] of Object.entries(options.measures)) {
      say(`${name}, ${options.rounds} rounds`);
      figures.push(...(await measure({ folder: join(folder, name), rounds: options.rounds })));
    }
    process.stdout.write(renderFigures(figures));
    return 0;
  } catch (error) {
    say(`the bench could not run: ${error instanceof Error ? error.stack : String(error)}`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readOptions(words: string[]): { rounds: number; measures: Record<string, Measure> } | null {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { rounds: { type: "string", default: "5" }, large: { type: "boolean", default: false } },
  });
  const rounds = Number(values.rounds);
  const isKnown = positionals.every((name) => name in MEASURES);
  if (!Number.isInteger(rounds) || rounds < 1 || !isKnown) return null;
  const wanted = Object.entries(MEASURES).filter(
    ([name]) => positionals.length === 0 || positionals.includes(name),
  );
  const large: [string, Measure][] = values.large ? [["large-plan", measureLargePlan]] : [];
  return { rounds, measures: Object.fromEntries([...wanted, ...large]) };
}

function refuse(): number {
  process.stderr.write(USAGE);
  return 2;
}
