import { EXIT } from "../../core/exit.ts";
import type { CommandDefinition } from "../definition.ts";
import { type Invocation, textOption } from "../invocation.ts";

const MOST_RUNS = 20;
const MOST_WORKERS = 256;

export const INVESTIGATE: CommandDefinition = {
  name: "investigate",
  summary: "re-runs a red in isolation and says what it is",
  about:
    "Takes the newest result of a recipe, which must be red, makes sure that nobody else is at work on this host, and runs again, cheapest first: a control recipe, the same release alone, the known-good release, this release with the tests of the last green, and under load. It stops when one cause is established: flake (load), flake (timing), recipe, test, machinery or outside; else it is unresolved, and says what would help. Every run is kept as evidence. Nothing is promoted.",
  arguments: [{ form: "<RECIPE>", about: "the recipe", completes: "recipe" }],
  options: [
    { flags: "--runs <N>", about: "so many runs of a kind at most; default: 3" },
    { flags: "--load <N>", about: "workers of the load, 0 for none; default: 4" },
    { flags: "--busy", about: "goes on though others are at work: no red then counts as alone" },
  ],
  examples: [
    ["canonical-sweep investigate gitea", "what its last red is"],
    ["canonical-sweep investigate gitea --runs 6", "a rare flake, with more confidence"],
    ["canonical-sweep investigate gitea --json", "the same for a program"],
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
    [EXIT.ok]: "a cause is established, whatever it is",
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
