import { EXIT } from "../../core/exit.ts";
import type { CommandDefinition } from "../definition.ts";
import { type Invocation, textOption } from "../invocation.ts";

const MOST_RUNS = 20;
const MOST_WORKERS = 256;

export const INVESTIGATE: CommandDefinition = {
  name: "investigate",
  summary: "re-run a red in isolation and name its cause",
  about:
    "Takes the newest result of a recipe, which must be red, makes sure that nothing else is at work on this host, and runs again, cheapest first: a control recipe, the same release alone, the known-good release, this release with the tests of the last green, and under load. It stops when one cause is established: flake (load), flake (timing), recipe, test, machinery or outside. Otherwise the red is unresolved, and the answer names the next step. Every run is kept as evidence. Nothing is promoted.",
  arguments: [{ form: "<RECIPE>", about: "the recipe", completes: "recipe" }],
  options: [
    { flags: "--runs <N>", about: "maximum runs per kind; default: 3" },
    { flags: "--load <N>", about: "workers that make load, 0 for none; default: 4" },
    { flags: "--busy", about: "run on a busy host; red runs do not count as isolated" },
  ],
  examples: [
    ["canonical-sweep investigate gitea", "name the cause of the last red"],
    ["canonical-sweep investigate gitea --runs 6", "catch a rare flake with more confidence"],
    ["canonical-sweep investigate gitea --json", "print it as JSON"],
  ],
  exits: [
    EXIT.ok,
    EXIT.bug,
    EXIT.usage,
    EXIT.findings,
    EXIT.machinery,
    EXIT.locked,
    EXIT.interrupted,
    EXIT.terminated,
  ],
  exitMeanings: {
    [EXIT.ok]: "a cause is established",
    [EXIT.findings]: "unresolved",
    [EXIT.machinery]: "the host is busy, a needed tool is missing, or Docker is away",
  },
  faults: (invocation) => [
    ...numberFaults(invocation, "runs", 1, MOST_RUNS),
    ...numberFaults(invocation, "load", 0, MOST_WORKERS),
  ],
  load: async () => (await import("../commands/investigate.ts")).runInvestigate,
};

function numberFaults(invocation: Invocation, name: string, least: number, most: number): string[] {
  const text = textOption(invocation, name);
  if (text === null) return [];
  const isNumber = /^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return isNumber ? [] : [`--${name} takes a number from ${least} to ${most}, and found '${text}'`];
}
