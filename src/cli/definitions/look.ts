import { EXIT } from "../../core/exit.ts";
import type { CommandDefinition, CommandGroup } from "../definition.ts";
import { type Invocation, listOption, textArgument, textOption } from "../invocation.ts";

const plan: CommandDefinition = {
  name: "plan",
  summary: "show what a sweep would do, and why (dry run)",
  about:
    "Asks every upstream for its tags and prints the decision table: each enrolled recipe with its action, all reasons that apply, its latest release, its canonical and who must act. It changes only the mirror cache. While another run is at work, it behaves as with --no-sync.",
  arguments: [{ form: "[RECIPE...]", about: "only these recipes", completes: "recipe" }],
  options: [{ flags: "--no-sync", about: "use cached facts, with their age, and no network" }],
  examples: [
    ["canonical-sweep plan", "decide for all enrolled recipes"],
    ["canonical-sweep plan gitea hedgedoc --json", "decide for two of them, as JSON"],
    ["canonical-sweep plan --no-sync", "decide from cached facts, without network"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.findings, EXIT.hollow, EXIT.machinery, EXIT.interrupted],
  exitMeanings: { [EXIT.ok]: "no row is BLOCKED", [EXIT.findings]: "a row is BLOCKED" },
  load: async () => (await import("../commands/plan.ts")).runPlan,
};

const explain: CommandDefinition = {
  name: "explain",
  summary: "show every fact and rule behind one decision",
  about:
    "Prints everything that a decision rests on: the answer of upstream, each of its tags and how it counts, the canonical's record, holds and providers; then each rule in the order in which it is judged, whether it applies and why.",
  arguments: [{ form: "<RECIPE>", about: "the recipe", completes: "recipe" }],
  examples: [["canonical-sweep explain gitea", "see why gitea is skipped, blocked or run"]],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery, EXIT.interrupted],
  exitMeanings: { [EXIT.ok]: "the question could be answered" },
  load: async () => (await import("../commands/explain.ts")).runExplain,
};

const status: CommandDefinition = {
  name: "status",
  summary: "show who must act, canonicals, holds, and the run at work",
  about:
    "Prints the honesty line of the last sweep, the rows that need a person with verdict, cause, age and one command, then the other recipes, the canonicals, the holds with their end, and the run that is at work. It reads the state folder only. A record that cannot be read is named, and the rest is still shown.",
  examples: [
    ["canonical-sweep status", "show the state of all recipes"],
    ["canonical-sweep status --json", "show it as JSON"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "the question could be answered" },
  load: async () => (await import("../commands/status.ts")).runStatus,
};

const history: CommandDefinition = {
  name: "history",
  summary: "show labels over time",
  about:
    "Without a recipe, prints every kept run, newest first, with its counts and exit code. With a recipe, prints its label in each of these runs, and every advance, refusal, rollback and revocation of its canonical.",
  arguments: [{ form: "[RECIPE]", about: "only this recipe", completes: "recipe" }],
  examples: [
    ["canonical-sweep history", "list the runs"],
    ["canonical-sweep history gitea", "follow gitea through the runs"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "the question could be answered" },
  load: async () => (await import("../commands/history.ts")).runHistory,
};

const show: CommandDefinition = {
  name: "show",
  summary: "show one run or one of its recipes, or pack its evidence",
  about:
    "Prints the report of a run or, with a recipe, its row with tiers, tests and brief. RUN is a run's id, the beginning of an id if only one run begins so, or `latest`. --bundle writes the run's evidence into one .tar.gz for a colleague; of the copied configuration it holds only the tests.",
  arguments: [
    { form: "<RUN>", about: "a run's id, the beginning of one, or `latest`", completes: "run" },
    { form: "[RECIPE]", about: "only this recipe", completes: "recipe" },
  ],
  options: [{ flags: "--bundle <FILE>", about: "write the evidence into this .tar.gz", completes: "file" }],
  examples: [
    ["canonical-sweep show latest", "show the last run"],
    ["canonical-sweep show 20260614T030000Z gitea", "show gitea in that run"],
    ["canonical-sweep show latest --bundle /tmp/evidence.tar.gz", "pack all evidence for a colleague"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "the question could be answered" },
  faults: (invocation) =>
    textOption(invocation, "bundle") !== null && textArgument(invocation, 1) !== null
      ? ["--bundle takes the whole run: leave RECIPE out"]
      : [],
  load: async () => (await import("../commands/show.ts")).runShow,
};

const lint: CommandDefinition = {
  name: "lint",
  summary: "find what is known to break, without a deploy",
  about:
    "Reads the latest release of each enrolled recipe, or of the named ones, as a deploy would, and checks it against rules: backups that cannot be restored, names that collide, files that cannot be written, compose files that Docker refuses, tests that no release can pass. It deploys nothing and changes only the mirror cache. To ignore a finding, write `# canonical-sweep: ignore RULE reason` on its line or on the line above.",
  arguments: [{ form: "[RECIPE...]", about: "only these recipes", completes: "recipe" }],
  options: [
    { flags: "--no-sync", about: "read the releases that were fetched before, without network" },
    { flags: "--format <FORMAT>", about: "default: text", choices: ["text", "json", "sarif"] },
    { flags: "--output <FILE>", about: "write the findings into this file", completes: "file" },
  ],
  examples: [
    ["canonical-sweep lint", "check all enrolled recipes"],
    ["canonical-sweep lint gitea --no-sync", "check one of them, as it was last fetched"],
    [
      "canonical-sweep lint --format sarif --output lint.sarif",
      "write findings for a code host or an editor",
    ],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.findings, EXIT.machinery, EXIT.locked, EXIT.interrupted],
  exitMeanings: {
    [EXIT.ok]: "no finding of level error",
    [EXIT.findings]: "a finding of level error, or a recipe that could not be looked at",
    [EXIT.locked]: "another lint is fetching",
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
  summary: "derive every recorded claim again from the evidence",
  about:
    "Checks that the records are true. For each canonical: its record, its tag upstream and in the mirror, the run that proved it, its data, secrets and history. For each run: its journal, tiers, labels and counts. Then: residue, recipes without a label, and exceptions that have expired. It names each claim that does not hold, with the evidence and the command to look. A claim that could not be checked is named too, and never counts as holding. It only reads, and takes no lock: while another run is at work, it names the checks that it left out.",
  examples: [
    ["canonical-sweep audit", "list claims that do not hold"],
    ["canonical-sweep audit --json", "list them as JSON"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.findings, EXIT.machinery, EXIT.interrupted],
  exitMeanings: {
    [EXIT.ok]: "every recorded claim holds",
    [EXIT.findings]: "a claim does not hold, or could not be checked",
  },
  load: async () => (await import("../commands/audit.ts")).runAudit,
};

export const LOOK: CommandGroup = {
  title: "Look:",
  commands: [status, plan, explain, lint, audit, history, show],
};
