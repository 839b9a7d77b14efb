import { EXIT } from "../../core/exit.ts";
import { DEMO_DRIVERS } from "../../demo/form.ts";
import type { CommandDefinition, CommandGroup } from "../definition.ts";
import { textArgument } from "../invocation.ts";

const SHELLS: readonly string[] = ["bash", "zsh", "fish"];

const init: CommandDefinition = {
  name: "init",
  summary: "a commented sweep.yaml, one sample recipe, schemas for the editor",
  about:
    "Writes a configuration to begin with into the folder of --config, or this one: sweep.yaml with every setting and its default, a sample recipe with its tests, and the JSON Schemas with which an editor checks both. Files that exist are never overwritten.",
  examples: [["canonical-sweep init --config ./sweeps", "a new configuration in ./sweeps"]],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "written" },
  load: async () => (await import("../commands/init.ts")).runInit,
};

const demo: CommandDefinition = {
  name: "demo",
  summary: "the main job on a laptop with nothing but Node and git",
  about:
    "Makes sample upstreams, runs two sweeps over them with the command driver and shows every label once. It needs no Docker, no network and no root, and leaves nothing running. With --driver swarm the same is shown on the local swarm, which takes some ten minutes and needs restic.",
  options: [
    {
      flags: "--driver <DRIVER>",
      about: "how the sample apps are deployed; default: command",
      choices: DEMO_DRIVERS,
    },
    {
      flags: "--dir <DIR>",
      about: "a folder of its own, which must be empty; default: a temporary one",
      completes: "file",
    },
    { flags: "--keep", about: "keep the folder, to look at it with status, explain and history" },
  ],
  examples: [
    ["canonical-sweep demo", "two sweeps, every label once"],
    ["canonical-sweep demo --keep", "the same, and all of it stays for a look"],
  ],
  exits: [EXIT.ok, EXIT.bug, EXIT.usage, EXIT.machinery, EXIT.interrupted],
  exitMeanings: { [EXIT.ok]: "all labels came as they should" },
  load: async () => (await import("../commands/demo.ts")).runDemo,
};

const completion = (all: () => readonly CommandDefinition[]): CommandDefinition => ({
  name: "completion",
  summary: "completion for a shell: commands, options, recipes",
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
  summary: "is this environment fit, and the same as that run's",
  about:
    "Looks at everything that a sweep stands on: each tool with its path, version and least version, disk, Docker, swarm, the network proxy, edge, certificate, forge token, clock, upstreams and mirrors, the state folder, and the systemd units. Each is asked side by side and given up after 10 seconds. What is not known is never ok; each fault has its remedy. Nothing is changed. With --compare it says in which tools this environment differs from that of a run.",
  options: [
    {
      flags: "--compare <RUN>",
      about: "a run's id, the beginning of one, or `latest`",
      completes: "run",
    },
  ],
  examples: [
    ["canonical-sweep doctor", "can a sweep be started here?"],
    ["canonical-sweep doctor --compare latest", "and with the same tools as the last run?"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery, EXIT.interrupted],
  exitMeanings: {
    [EXIT.ok]: "fit",
    [EXIT.machinery]: "not fit: something that is needed is at fault, or is not known",
  },
  load: async () => (await import("../commands/doctor.ts")).runDoctor,
};

/** The commands of a new operator. `all`: every command, which the completion needs. */
export function setUp(all: () => readonly CommandDefinition[]): CommandGroup {
  return { title: "Set up:", commands: [init, doctor, demo, completion(all)] };
}
