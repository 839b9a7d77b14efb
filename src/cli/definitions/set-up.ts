import { EXIT } from "../../core/exit.ts";
import { DEMO_DRIVERS } from "../../demo/form.ts";
import type { CommandDefinition, CommandGroup } from "../definition.ts";
import { textArgument } from "../invocation.ts";

const SHELLS: readonly string[] = ["bash", "zsh", "fish"];

const init: CommandDefinition = {
  name: "init",
  summary: "write a commented sweep.yaml, a sample recipe and schemas",
  about:
    "Writes a configuration to begin with into the folder of --config, or this one: sweep.yaml with every setting and its default, a sample recipe with its tests, and the JSON Schemas with which an editor checks both. Files that exist are never overwritten.",
  examples: [["canonical-sweep init --config ./sweeps", "begin a configuration in ./sweeps"]],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "written" },
  load: async () => (await import("../commands/init.ts")).runInit,
};

const demo: CommandDefinition = {
  name: "demo",
  summary: "show the main job on a laptop with only Node and git",
  about:
    "Makes sample upstreams, runs two sweeps over them with the command driver and shows every label once. It needs no Docker, no network and no root, and leaves nothing running. --driver swarm shows the same on the local swarm; it takes about ten minutes and needs restic.",
  options: [
    {
      flags: "--driver <DRIVER>",
      about: "how the sample apps are deployed; default: command",
      choices: DEMO_DRIVERS,
    },
    {
      flags: "--dir <DIR>",
      about: "the folder of the demo, which must be empty; default: a temporary one",
      completes: "file",
    },
    { flags: "--keep", about: "keep the folder, to look at it with status, explain and history" },
  ],
  examples: [
    ["canonical-sweep demo", "run two sweeps, see every label once"],
    ["canonical-sweep demo --keep", "keep everything for a look"],
  ],
  exits: [EXIT.ok, EXIT.bug, EXIT.usage, EXIT.machinery, EXIT.interrupted],
  exitMeanings: { [EXIT.ok]: "every label came as expected" },
  load: async () => (await import("../commands/demo.ts")).runDemo,
};

const completion = (all: () => readonly CommandDefinition[]): CommandDefinition => ({
  name: "completion",
  summary: "print a completion script for a shell",
  about:
    "Prints a script that completes commands, options and the names of the recipes in the configuration folder.",
  arguments: [{ form: "<SHELL>", about: "bash, zsh or fish", completes: "shell" }],
  examples: [
    ['eval "$(canonical-sweep completion bash)"', "in ~/.bashrc"],
    ['eval "$(canonical-sweep completion zsh)"', "in ~/.zshrc, after compinit"],
    ["canonical-sweep completion fish > ~/.config/fish/completions/canonical-sweep.fish", "for fish"],
  ],
  exits: [EXIT.ok, EXIT.usage],
  exitMeanings: { [EXIT.ok]: "printed" },
  faults: (invocation) => {
    const shell = textArgument(invocation, 0);
    return shell === null || SHELLS.includes(shell)
      ? []
      : [`no completion for '${shell}' (allowed: ${SHELLS.join(" ")})`];
  },
  load: async () => {
    const { runCompletion } = await import("../commands/completion.ts");
    return (invocation) => runCompletion(invocation, all());
  },
});

const doctor: CommandDefinition = {
  name: "doctor",
  summary: "check this machine, or compare it with a run",
  about:
    "Checks everything that a sweep needs: each tool with its path, version and least version, disk, Docker, swarm, the network proxy, edge, certificate, forge token, clock, upstreams and mirrors, the state folder, and the systemd units. The checks run side by side, each for at most 10 seconds. An unknown is never ok; each fault has its remedy. Nothing is changed. --compare names the tools in which this environment differs from that of a run.",
  options: [
    { flags: "--compare <RUN>", about: "a run's id, the beginning of one, or `latest`", completes: "run" },
  ],
  examples: [
    ["canonical-sweep doctor", "check that a sweep can start here"],
    ["canonical-sweep doctor --compare latest", "compare the tools with those of the last run"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery, EXIT.interrupted],
  exitMeanings: {
    [EXIT.ok]: "fit",
    [EXIT.machinery]: "not fit: something that is needed is at fault or unknown",
  },
  load: async () => (await import("../commands/doctor.ts")).runDoctor,
};

/** The commands for a new operator. `all`: every command, needed by the completion. */
export function setUp(all: () => readonly CommandDefinition[]): CommandGroup {
  return { title: "Set up:", commands: [init, doctor, demo, completion(all)] };
}
