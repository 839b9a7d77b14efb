import { EXIT } from "../../core/exit.ts";
import type { CommandDefinition, CommandGroup } from "../definition.ts";

const serve: CommandDefinition = {
  name: "serve",
  summary: "the daemon: schedule, status page, metrics",
  about:
    "Fires a sweep whenever `schedule` says so, and one after its start where sweeps were missed. Each sweep is a process of its own. While another run is at work, a sweep that is due waits. HUP reads the configuration again; a faulty one leaves the old one in force. TERM lets the sweep under way finish or roll back its step, then ends. The status page is at `listen`.",
  examples: [
    ["canonical-sweep serve", "in the foreground, until Ctrl-C"],
    ["systemctl enable --now canonical-sweep.service", "as a service, with the units of `units`"],
  ],
  exits: [EXIT.ok, EXIT.bug, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "it was asked to stop" },
  load: async () => (await import("../serve.ts")).runServe,
};

export const SERVICE: CommandGroup = { title: "Service:", commands: [serve] };
