import { EXIT } from "../../core/exit.ts";
import type { CommandDefinition, CommandGroup, OptionDefinition } from "../definition.ts";
import { type Invocation, textOption } from "../invocation.ts";

const RECIPE = { form: "<RECIPE>", about: "the recipe", completes: "recipe" } as const;
const OWNER: OptionDefinition = { flags: "--owner <O>", about: "who answers for it" };
const UNTIL: OptionDefinition = {
  flags: "--until <DATE>",
  about: "the last day on which it is in force, YYYY-MM-DD",
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
  summary: "a dated exception: not tested until then",
  about:
    "From the next sweep on the recipe is not tested; its row is SKIP held with the reason and the end. It ends by itself after its last day, or with `release`. It need not wait for a run that is at work.",
  arguments: [RECIPE],
  options: [reason("why it is not tested"), UNTIL, OWNER],
  examples: [
    [
      'canonical-sweep hold gitea --reason "waits for upstream #123" --until 2026-08-01 --owner ann',
      "gitea is left alone until the end of that day",
    ],
  ],
  exits: RECORD_EXITS,
  exitMeanings: DONE,
  faults: exceptionFaults,
  load: async () => (await import("../commands/exceptions.ts")).runHold,
};

const acknowledge: CommandDefinition = {
  name: "acknowledge",
  summary: "a known red: still tested, listed as known",
  about:
    "The recipe is tested every time, its label and the exit code stay as they are, and its row is listed as known with the reason and the end. It ends by itself after its last day.",
  arguments: [RECIPE],
  options: [reason("what is known of it"), UNTIL, OWNER],
  examples: [
    [
      'canonical-sweep acknowledge gitea --reason "restore hook is missing, #45" --until 2026-08-01',
      "a red that somebody works on",
    ],
  ],
  exits: RECORD_EXITS,
  exitMeanings: DONE,
  faults: exceptionFaults,
  load: async () => (await import("../commands/exceptions.ts")).runAcknowledge,
};

const release: CommandDefinition = {
  name: "release",
  summary: "ends a hold",
  about:
    "Ends the recipe's hold: the next sweep decides on it again. It need not wait for a run that is at work.",
  arguments: [RECIPE],
  examples: [["canonical-sweep release gitea", "gitea is tested again"]],
  exits: RECORD_EXITS,
  exitMeanings: DONE,
  load: async () => (await import("../commands/exceptions.ts")).runRelease,
};

const adopt: CommandDefinition = {
  name: "adopt",
  summary: "takes a record and volumes that this program did not write",
  about:
    "Makes an existing canonical known: its record, or volumes without one. It is shown as adopted, because no run of this program has proven it.",
  arguments: [RECIPE],
  options: [{ flags: "--version <V>", about: "the release whose data it is", required: true }],
  examples: [["canonical-sweep adopt gitea --version 3.6.0+1.24.2-rootless", "volumes of another sweep"]],
  exits: [...RECORD_EXITS, EXIT.locked],
  exitMeanings: DONE,
  load: async () => (await import("../commands/adopt.ts")).runAdopt,
};

const revoke: CommandDefinition = {
  name: "revoke",
  summary: "takes a canonical's word back",
  about:
    "The record stays as `revoked` and counts as no canonical; history and data are kept, the data until the next seed is proven. The next sweep tests the latest release as a seed.",
  arguments: [RECIPE],
  options: [reason("why it counts no longer: tainted, mistaken")],
  examples: [['canonical-sweep revoke gitea --reason "promoted beside another run"', "gitea is proven anew"]],
  exits: [...RECORD_EXITS, EXIT.locked],
  exitMeanings: DONE,
  faults: reasonFaults,
  load: async () => (await import("../commands/revoke.ts")).runRevoke,
};

export const RECORDS: CommandGroup = {
  title: "Records and exceptions:",
  commands: [hold, acknowledge, release, adopt, revoke],
};
