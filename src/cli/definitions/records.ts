import { EXIT } from "../../core/exit.ts";
import type { CommandDefinition, CommandGroup, OptionDefinition } from "../definition.ts";
import { type Invocation, textOption } from "../invocation.ts";

const RECIPE = { form: "<RECIPE>", about: "the recipe", completes: "recipe" } as const;
const OWNER: OptionDefinition = { flags: "--owner <O>", about: "the person who answers for it" };
const UNTIL: OptionDefinition = {
  flags: "--until <DATE>",
  about: "last day on which it is in force, YYYY-MM-DD",
  required: true,
};
const RECORD_EXITS = [EXIT.ok, EXIT.usage, EXIT.machinery];
const DONE = { [EXIT.ok]: "done" };

function reason(about: string): OptionDefinition {
  return { flags: "--reason <R>", about, required: true };
}

function exceptionFaults(invocation: Invocation): string[] {
  return [...reasonFaults(invocation), ...dateFaults(invocation)];
}

function reasonFaults(invocation: Invocation): string[] {
  const given = textOption(invocation, "reason");
  return given === null || given.trim() !== "" ? [] : ["--reason wants a reason and found nothing"];
}

function dateFaults(invocation: Invocation): string[] {
  const until = textOption(invocation, "until");
  if (until === null || isDay(until)) return [];
  return [`--until wants a day as YYYY-MM-DD and found '${until}'`];
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
  );
}

const hold: CommandDefinition = {
  name: "hold",
  summary: "keep a recipe from being tested until a date",
  about:
    "From the next sweep on, the recipe is not tested; its row is SKIP held, with the reason and the end. The hold ends after its last day, or with `release`. A run that is at work need not be waited for.",
  arguments: [RECIPE],
  options: [reason("why the recipe is not tested"), UNTIL, OWNER],
  examples: [
    [
      'canonical-sweep hold gitea --reason "waits for upstream #123" --until 2026-08-01 --owner ann',
      "leave gitea alone until the end of that day",
    ],
  ],
  exits: RECORD_EXITS,
  exitMeanings: DONE,
  faults: exceptionFaults,
  load: async () => (await import("../commands/exceptions.ts")).runHold,
};

const acknowledge: CommandDefinition = {
  name: "acknowledge",
  summary: "mark a red as known; the recipe is still tested",
  about:
    "The recipe is still tested every time, and its label and the exit code stay as they are; its row is listed as known, with the reason and the end. The mark ends after its last day.",
  arguments: [RECIPE],
  options: [reason("why the recipe is red"), UNTIL, OWNER],
  examples: [
    [
      'canonical-sweep acknowledge gitea --reason "restore hook is missing, #45" --until 2026-08-01',
      "mark a red that is being mended",
    ],
  ],
  exits: RECORD_EXITS,
  exitMeanings: DONE,
  faults: exceptionFaults,
  load: async () => (await import("../commands/exceptions.ts")).runAcknowledge,
};

const release: CommandDefinition = {
  name: "release",
  summary: "end a hold",
  about:
    "Ends the hold of a recipe: the next sweep decides on it again. A run that is at work need not be waited for.",
  arguments: [RECIPE],
  examples: [["canonical-sweep release gitea", "test gitea again"]],
  exits: RECORD_EXITS,
  exitMeanings: DONE,
  load: async () => (await import("../commands/exceptions.ts")).runRelease,
};

const adopt: CommandDefinition = {
  name: "adopt",
  summary: "adopt existing data as the canonical",
  about:
    "Takes a record, or volumes without a record, that this program did not write as the canonical. It is shown as adopted, because no run of this program has proven it.",
  arguments: [RECIPE],
  options: [{ flags: "--version <V>", about: "the release that the data belongs to", required: true }],
  examples: [
    ["canonical-sweep adopt gitea --version 3.6.0+1.24.2-rootless", "take over the volumes of another sweep"],
  ],
  exits: [...RECORD_EXITS, EXIT.locked],
  exitMeanings: DONE,
  load: async () => (await import("../commands/adopt.ts")).runAdopt,
};

const revoke: CommandDefinition = {
  name: "revoke",
  summary: "revoke a canonical; the next green release seeds it anew",
  about:
    "The record stays with the status `revoked` and no longer counts as a canonical. Its history is kept, and its data until the next seed is proven. The next sweep tests the latest release as a seed.",
  arguments: [RECIPE],
  options: [reason("why it no longer counts: tainted, mistaken")],
  examples: [['canonical-sweep revoke gitea --reason "promoted beside another run"', "prove gitea anew"]],
  exits: [...RECORD_EXITS, EXIT.locked],
  exitMeanings: DONE,
  faults: reasonFaults,
  load: async () => (await import("../commands/revoke.ts")).runRevoke,
};

export const RECORDS: CommandGroup = {
  title: "Records and exceptions:",
  commands: [hold, acknowledge, release, adopt, revoke],
};
