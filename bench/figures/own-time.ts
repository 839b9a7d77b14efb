import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench, Figure } from "../figure.ts";
import { timeProgram } from "../program.ts";

/** What each tier of the command driver takes beyond the commands that ran in it, with the sample recipe of `init`. */
export async function measureOwnTime(bench: Bench): Promise<Figure[]> {
  const configuration = join(bench.folder, "sample");
  await timeProgram(["--config", configuration, "init"]);
  const ownOf = new Map<string, number[]>();
  for (let round = 0; round < bench.rounds; round++)
    for (const [tier, own] of await ownTimes(configuration))
      ownOf.set(tier, [...(ownOf.get(tier) ?? []), own]);
  return [...ownOf].map(([tier, measured]) => {
    const what = `own time in the tier ${tier}`;
    return { what, unit: "ms", measured, reference: null, limit: 50 };
  });
}

async function ownTimes(configuration: string): Promise<Map<string, number>> {
  const args = ["--config", configuration, "--json", "--quiet", "run", "hello", "--no-promote"];
  const report = JSON.parse((await timeProgram(args)).stdout) as Report;
  const tiers = report.recipes[0]?.tiers ?? [];
  if (tiers.length !== 5 || tiers.some((tier) => tier.status !== "passed"))
    throw new Error(`not every tier passed: ${JSON.stringify(tiers)}`);
  const folder = join(configuration, ".canonical-sweep", "runs", report.run, "hello");
  const commands = readCommands(join(folder, "commands.jsonl"));
  const busyIn = (tier: string) => busyMs(commands.filter(({ step }) => step === tier));
  return new Map(tiers.map(({ tier, durationMs }) => [tier, durationMs - busyIn(tier)]));
}

interface Report {
  run: string;
  recipes: { tiers: { tier: string; status: string; durationMs: number }[] }[];
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
