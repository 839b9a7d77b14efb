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
  summary: "run one full sweep now, in the foreground",
  about:
    "Syncs the mirrors, decides for every enrolled recipe, cold-tests the new releases, promotes the green ones and writes the report. The timer fires this command. Ctrl-C finishes or rolls back the step under way, tears down, and writes the report with the rest as NOT-RUN (interrupted). A second Ctrl-C leaves at once and names everything that is left behind.",
  options: [{ flags: "--only-sync", about: "sync the mirrors and test nothing" }],
  examples: [
    ["canonical-sweep sweep", "run one sweep, with a line for each recipe on a terminal"],
    ["canonical-sweep sweep --json > report.json", "write the report as JSON, progress on standard error"],
  ],
  exits: WORK_EXITS,
  load: async () => (await import("../commands/sweep.ts")).runSweepCommand,
};

const run: CommandDefinition = {
  name: "run",
  summary: "test one recipe by hand, and promote it where allowed",
  about:
    "Tests one release of a recipe, by default its latest, and promotes it under the same conditions as a sweep. It overrides SKIP, never BLOCKED. With --ref, --quick, --tier or --no-promote nothing is promoted.",
  arguments: [{ form: "<RECIPE>", about: "the recipe", completes: "recipe" }],
  options: [
    { flags: "--tag <TAG>", about: "test this release instead of the latest one" },
    { flags: "--ref <REF>", about: "test a commit, branch or tag of upstream instead of a release" },
    { flags: "--quick", about: "deploy on a copy of the canonical; no upgrade tier" },
    { flags: "--no-promote", about: "test, and promote nothing" },
    { flags: "--keep", about: "leave the app up for a look" },
    { flags: "--tier <TIER...>", about: "run only these tiers; may be repeated", choices: TIERS },
    { flags: "--accept-moved-tag", about: "take the commit that the canonical's tag names now" },
  ],
  examples: [
    ["canonical-sweep run gitea", "test the latest release of gitea"],
    ["canonical-sweep run gitea --tag 3.5.0+1.23.1 --no-promote", "test an older release, promote nothing"],
    ["canonical-sweep run gitea --ref my-branch --tier install custom", "test a branch in two tiers"],
  ],
  exits: WORK_EXITS,
  exitMeanings: { [EXIT.ok]: "the test is green" },
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
  summary: "ask the sweep under way to end after its current recipe",
  about:
    "Leaves a request that the sweep reads before its next recipe. The sweep finishes the current recipe, tears down, and writes the report with the rest as NOT-RUN (stopped). Nothing is interrupted. If no sweep is at work, the command says so.",
  examples: [["canonical-sweep stop", "end the sweep after the current recipe"]],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "the request is left, or no sweep is at work" },
  load: async () => (await import("../commands/stop.ts")).runStop,
};

const roll: CommandDefinition = {
  name: "roll",
  summary: "bring live canonicals to their version and check them",
  about:
    "Checks for each recipe with `warm: live` that its canonical's version runs and is healthy, and otherwise brings it up on its own data. A promotion that did not end is rolled back first; where that fails, the canonical stays down and the reason is named. Nothing else is changed. Every sweep begins with this.",
  examples: [["canonical-sweep roll", "bring providers back after a reboot"]],
  exits: WORK_EXITS.filter((code) => code !== EXIT.hollow),
  exitMeanings: {
    [EXIT.ok]: "every live canonical runs and is healthy",
    [EXIT.findings]: "one could not be brought up, or its record cannot be read",
  },
  load: async () => (await import("../commands/roll.ts")).runRoll,
};

const clean: CommandDefinition = {
  name: "clean",
  summary: "remove what earlier runs left behind",
  about:
    "Removes objects that this state folder made and that belong to no canonical, no hold and no running test. Objects of others are never touched. --discard removes the orphaned volumes of one recipe whose record is gone; there is no other copy of them.",
  options: [
    { flags: "--dry-run", about: "list what would be removed, and remove nothing" },
    { flags: "--discard <RECIPE>", about: "remove the orphaned volumes of this recipe", completes: "recipe" },
  ],
  examples: [
    ["canonical-sweep clean --dry-run", "list what is left over"],
    ["canonical-sweep clean --discard gitea", "remove volumes that have no record"],
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
