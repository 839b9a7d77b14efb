import { EXIT } from "../../core/exit.ts";
import type { CommandDefinition, CommandGroup } from "../definition.ts";
import { type Invocation, listOption, textArgument, textOption } from "../invocation.ts";

const plan: CommandDefinition = {
  name: "plan",
  summary: "what a sweep would do, and why: a dry run",
  about:
    "Asks every upstream for its tags and prints the decision table: each enrolled recipe with its action, all reasons that apply, its latest release, its canonical and who must act. It changes nothing but the mirror cache. Beside a run that is at work it does as with --no-sync.",
  arguments: [{ form: "[RECIPE...]", about: "only these recipes", completes: "recipe" }],
  options: [{ flags: "--no-sync", about: "no network at all: cached facts, with their age" }],
  examples: [
    ["canonical-sweep plan", "all enrolled recipes"],
    ["canonical-sweep plan gitea hedgedoc --json", "two of them, for a program"],
    ["canonical-sweep plan --no-sync", "what is known already, without asking anybody"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.findings, EXIT.hollow, EXIT.machinery, EXIT.interrupted],
  exitMeanings: { [EXIT.ok]: "no row is BLOCKED", [EXIT.findings]: "a row is BLOCKED" },
  load: async () => (await import("../commands/plan.ts")).runPlan,
};

const explain: CommandDefinition = {
  name: "explain",
  summary: "every fact and every rule behind one decision",
  about:
    "Prints all that a decision rests on: what upstream answered, each of its tags and what it counts as, the canonical's record, holds and providers; then each rule in the order in which it is judged, whether it applies and why.",
  arguments: [{ form: "<RECIPE>", about: "the recipe", completes: "recipe" }],
  examples: [["canonical-sweep explain gitea", "why gitea is skipped, blocked or run"]],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery, EXIT.interrupted],
  exitMeanings: { [EXIT.ok]: "it could be answered, whatever the answer is" },
  load: async () => (await import("../commands/explain.ts")).runExplain,
};

const status: CommandDefinition = {
  name: "status",
  summary: "what stands now: who must act, canonicals, holds, who is at work",
  about:
    "Prints the honesty line of the last sweep, the rows that need a person with verdict, cause, age and one command, then the other recipes, the canonicals, the holds with their end, and the run that is at work. It reads the state folder only. A record that cannot be read is named and does not keep the rest from being shown.",
  examples: [
    ["canonical-sweep status", "what stands now"],
    ["canonical-sweep status --json", "the same for a program"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "it could be answered, whatever the answer is" },
  load: async () => (await import("../commands/status.ts")).runStatus,
};

const history: CommandDefinition = {
  name: "history",
  summary: "labels over time",
  about:
    "Without a recipe: every run that is kept, newest first, with its counts and its exit code. With one: the recipe's label in each of them, and every advance, refusal, rollback and revocation of its canonical.",
  arguments: [{ form: "[RECIPE]", about: "only this recipe", completes: "recipe" }],
  examples: [
    ["canonical-sweep history", "the runs"],
    ["canonical-sweep history gitea", "how gitea fared in each of them"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "it could be answered, whatever the answer is" },
  load: async () => (await import("../commands/history.ts")).runHistory,
};

const show: CommandDefinition = {
  name: "show",
  summary: "one run, one recipe of it, or all its evidence as an archive",
  about:
    "Prints the report of a run or, with a recipe, its row with tiers, tests and brief. RUN is a run's id, the beginning of one if no other begins so, or `latest`. --bundle writes the run's evidence into one .tar.gz for somebody else to look at; the copy of the configuration stays out of it, its tests excepted.",
  arguments: [
    { form: "<RUN>", about: "a run's id, the beginning of one, or `latest`", completes: "run" },
    { form: "[RECIPE]", about: "only this recipe", completes: "recipe" },
  ],
  options: [{ flags: "--bundle <FILE>", about: "write the evidence into this .tar.gz", completes: "file" }],
  examples: [
    ["canonical-sweep show latest", "the last run"],
    ["canonical-sweep show 20260614T030000Z gitea", "what happened to gitea in that run"],
    ["canonical-sweep show latest --bundle /tmp/evidence.tar.gz", "everything, for a colleague"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "it could be answered, whatever the answer is" },
  faults: (invocation) =>
    textOption(invocation, "bundle") !== null && textArgument(invocation, 1) !== null
      ? ["--bundle takes the whole run: leave RECIPE out"]
      : [],
  load: async () => (await import("../commands/show.ts")).runShow,
};

const lint: CommandDefinition = {
  name: "lint",
  summary: "what is known to break, found before any deploy",
  about:
    "Reads the latest release of each enrolled recipe, or of those named, as its deploy would, and judges it by rules: backups that cannot be restored, names that collide, files that cannot be written, compose files that Docker refuses, tests that no release can pass. It deploys nothing and changes nothing but the mirror cache. A finding is taken back by `# canonical-sweep: ignore RULE reason` on its line or the line above.",
  arguments: [{ form: "[RECIPE...]", about: "only these recipes", completes: "recipe" }],
  options: [
    { flags: "--no-sync", about: "no network at all: the releases that were fetched before" },
    { flags: "--format <FORMAT>", about: "default: text", choices: ["text", "json", "sarif"] },
    { flags: "--output <FILE>", about: "write it into this file", completes: "file" },
  ],
  examples: [
    ["canonical-sweep lint", "all enrolled recipes"],
    ["canonical-sweep lint gitea --no-sync", "one of them, as it was last fetched"],
    ["canonical-sweep lint --format sarif --output lint.sarif", "for a code host or an editor"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.findings, EXIT.machinery, EXIT.locked, EXIT.interrupted],
  exitMeanings: {
    [EXIT.ok]: "no finding of level error",
    [EXIT.findings]: "a finding of level error, or a recipe that could not be looked at",
    [EXIT.locked]: "another lint fetches at this moment",
  },
  faults: lintFaults,
  load: async () => (await import("../commands/lint.ts")).runLint,
};

function lintFaults(invocation: Invocation): string[] {
  const format = listOption(invocation, "format").at(-1) ?? "json";
  return invocation.global.json && format !== "json"
    ? [`--json and --format ${format} exclude each other`]
    : [];
}

const audit: CommandDefinition = {
  name: "audit",
  summary: "derives every recorded claim again from the evidence",
  about:
    "Looks whether what is recorded is true: for each canonical its record, its tag upstream and in the mirror, the run that proved it, its data, secrets and history; for each run its journal, tiers, labels and counts; then residue, recipes without a label, and exceptions that have expired. It names what does not hold, with the evidence and the command to look. What could not be checked is named too, and never counts as holding. It only reads, and takes no lock: beside a run that is at work it says what it left out.",
  examples: [
    ["canonical-sweep audit", "what does not hold"],
    ["canonical-sweep audit --json", "the same for a program"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.findings, EXIT.machinery, EXIT.interrupted],
  exitMeanings: {
    [EXIT.ok]: "every recorded claim holds",
    [EXIT.findings]: "something does not hold, or could not be checked",
  },
  load: async () => (await import("../commands/audit.ts")).runAudit,
};

export const LOOK: CommandGroup = {
  title: "Look:",
  commands: [status, plan, explain, lint, audit, history, show],
};
