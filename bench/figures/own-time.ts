import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench, Figure } from "../figure.ts";
import { timeProgram } from "../program.ts";

/** What a tier of the command driver takes beyond the commands that ran in it: the sample recipe of `init`. */
export async function measureOwnTime(bench: Bench): Promise<Figure[]> {
  const configuration = join(bench.folder, "sample");
  await timeProgram(["--config", configuration, "init"]);
  const own: number[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const args = ["--config", configuration, "--json", "--quiet", "run", "hello", "--no-promote"];
    const report = JSON.parse((await timeProgram(args)).stdout) as Report;
    const folder = join(configuration, ".canonical-sweep", "runs", report.run, "hello");
    const commands = readCommands(join(folder, "commands.jsonl"));
    for (const { tier, durationMs } of report.recipes[0]?.tiers ?? []) {
      own.push(durationMs - busyMs(commands.filter(({ step }) => step === tier)));
    }
  }
  if (own.length !== bench.rounds * 5) throw new Error(`${own.length} tiers were run`);
  return [
    { what: "own time in a tier (median)", unit: "ms", measured: own, reference: null, limit: 50 },
    {
      what: "own time in a tier (worst)",
      unit: "ms",
      measured: [Math.max(...own)],
      reference: null,
      limit: 50,
    },
  ];
}

interface Report {
  run: string;
  recipes: { tiers: { tier: string; durationMs: number }[] }[];
}

interface Command {
  step: string;
  startedAt: string;
  durationMs: number;
}

function readCommands(path: string): Command[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Command);
}

/** The time in which at least one of the commands ran. */
function busyMs(commands: readonly Command[]): number {
  let [busy, until] = [0, 0];
  for (const { startedAt, durationMs } of commands.toSorted(byStart)) {
    const [begin, end] = [Date.parse(startedAt), Date.parse(startedAt) + durationMs];
    busy += Math.max(0, end - Math.max(begin, until));
    until = Math.max(until, end);
  }
  return busy;
}

function byStart(a: Command, b: Command): number {
  return Date.parse(a.startedAt) - Date.parse(b.startedAt);
}
