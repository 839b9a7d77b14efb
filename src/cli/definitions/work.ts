import { EXIT } from "../../core/exit.ts";
import { TIERS } from "../../core/tiers.ts";
import type { CommandDefinition, CommandGroup } from "../definition.ts";
import { flagOption, textOption } from "../invocation.ts";
import { INVESTIGATE } from "./investigate.ts";

const WORK_EXITS = [
  EXIT.ok,
  EXIT.bug,
  EXIT.usage,
  EXIT.findings,
  EXIT.hollow,
  EXIT.machinery,
  EXIT.locked,
  EXIT.interrupted,
  EXIT.terminated,
];

const sweep: CommandDefinition = {
  name: "sweep",
  summary: "one full sweep now, in the foreground",
  about:
    "Syncs the mirrors, decides for every enrolled recipe, cold-tests the new releases, promotes the green ones and writes the report: what the timer fires. Ctrl-C finishes or rolls back the step under way, tears down and writes the report with the rest as NOT-RUN (interrupted); a second one leaves at once and says what it leaves behind.",
  options: [{ flags: "--only-sync", about: "sync the mirrors, and test nothing" }],
  examples: [
    ["canonical-sweep sweep", "one sweep, with a line for each recipe on a terminal"],
    ["canonical-sweep sweep --json > report.json", "the report for a program, progress on standard error"],
  ],
  exits: WORK_EXITS,
  load: async () => (await import("../commands/sweep.ts")).runSweepCommand,
};

const run: CommandDefinition = {
  name: "run",
  summary: "one recipe by hand: cold test and, if it may be, promotion",
  about:
    "Tests one release of a recipe, by default its latest, and promotes it under the same conditions as a sweep. It overrides SKIP, never BLOCKED. What --ref, --quick, --tier or --no-promote tested is never promoted.",
  arguments: [{ form: "<RECIPE>", about: "the recipe", completes: "recipe" }],
  options: [
    { flags: "--tag <TAG>", about: "this release instead of the latest one" },
    { flags: "--ref <REF>", about: "any commit, branch or tag of upstream instead of a release" },
    { flags: "--quick", about: "deploy on a copy of the canonical; no upgrade tier" },
    { flags: "--no-promote", about: "test only" },
    { flags: "--keep", about: "leave the app up for a look" },
    { flags: "--tier <TIER...>", about: "only these tiers; may be repeated", choices: TIERS },
    { flags: "--accept-moved-tag", about: "take the commit that the canonical's tag names now" },
  ],
  examples: [
    ["canonical-sweep run gitea", "the latest release of gitea"],
    ["canonical-sweep run gitea --tag 3.5.0+1.23.1 --no-promote", "an older release, tested only"],
    ["canonical-sweep run gitea --ref my-branch --tier install custom", "a branch, two tiers of it"],
  ],
  exits: WORK_EXITS,
  exitMeanings: { [EXIT.ok]: "what was asked for is green" },
  faults: (invocation) => {
    const faults: string[] = [];
    const given = (name: string) => textOption(invocation, name) !== null || flagOption(invocation, name);
    const exclude = (one: string, other: string, why: string) => {
      if (given(one) && given(other))
        faults.push(`--${dashed(one)} and --${dashed(other)} exclude each other: ${why}`);
    };
    exclude("tag", "ref", "a test has one target");
    exclude("acceptMovedTag", "ref", "only a release has a tag that can move");
    exclude("acceptMovedTag", "quick", "a moved tag is tested in full and promoted anew");
    if (flagOption(invocation, "quick") && includesTier(invocation.options.tier, "upgrade"))
      faults.push("--quick and --tier upgrade exclude each other: --quick has no upgrade tier");
    return faults;
  },
  load: async () => (await import("../commands/run.ts")).runRunCommand,
};

function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function includesTier(tiers: unknown, tier: string): boolean {
  return Array.isArray(tiers) && tiers.includes(tier);
}

const stop: CommandDefinition = {
  name: "stop",
  summary: "asks the sweep under way to end after its current recipe",
  about:
    "Leaves a request that the sweep under way reads before its next recipe: it ends the current one, tears down and writes the report, with the rest as NOT-RUN (stopped). Nothing is interrupted. If nothing is at work, it says so.",
  examples: [["canonical-sweep stop", "the current recipe is finished, then the sweep ends"]],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "it was asked for, or nothing is at work" },
  load: async () => (await import("../commands/stop.ts")).runStop,
};

const roll: CommandDefinition = {
  name: "roll",
  summary: "brings live canonicals to their version and checks them",
  about:
    "For each recipe with `warm: live`: is the canonical's version running and healthy? If not it is brought up, on its own data. A promotion that did not end is rolled back first, or it stays down and says why. Nothing else is changed. Every sweep begins with it.",
  examples: [["canonical-sweep roll", "after a reboot, say"]],
  exits: WORK_EXITS.filter((code) => code !== EXIT.hollow),
  exitMeanings: {
    [EXIT.ok]: "every live canonical runs and is healthy",
    [EXIT.findings]: "one could not be brought up, or its record cannot be read",
  },
  load: async () => (await import("../commands/roll.ts")).runRoll,
};

const clean: CommandDefinition = {
  name: "clean",
  summary: "removes residue: what is ours and belongs to nothing",
  about:
    "Removes what this state folder made and what belongs to no canonical, no hold and no running test. What others made is never touched. With --discard it gives up the orphaned volumes of one canonical, that is of a recipe whose record is gone; they are not kept anywhere else.",
  options: [
    { flags: "--dry-run", about: "only say what would be removed" },
    {
      flags: "--discard <RECIPE>",
      about: "give up the orphaned volumes of this recipe",
      completes: "recipe",
    },
  ],
  examples: [
    ["canonical-sweep clean --dry-run", "what is left over"],
    ["canonical-sweep clean --discard gitea", "give up volumes that have no record"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.findings, EXIT.machinery, EXIT.locked, EXIT.interrupted],
  exitMeanings: {
    [EXIT.ok]: "nothing is left over",
    [EXIT.findings]: "a promotion could not be rolled back, or a live canonical is down",
  },
  faults: (invocation) =>
    textOption(invocation, "discard") !== null && flagOption(invocation, "dryRun")
      ? ["--discard and --dry-run exclude each other: `plan RECIPE` names the volumes"]
      : [],
  load: async () => (await import("../commands/clean.ts")).runClean,
};

export const WORK: CommandGroup = { title: "Work:", commands: [sweep, run, INVESTIGATE, stop, roll, clean] };
