import { EXIT } from "../../core/exit.ts";
import type { CommandDefinition, CommandGroup } from "../definition.ts";

const serve: CommandDefinition = {
  name: "serve",
  summary: "run the daemon: schedule, status page, metrics",
  about:
    "Fires a sweep whenever `schedule` says so, and one after its start if sweeps were missed. Each sweep is a process of its own. While another run is at work, a sweep that is due waits. A live canonical that is down is tried again after 15 seconds, then with pauses that double up to an hour. HUP reads the configuration again; a faulty one leaves the old one in force. TERM lets the sweep under way finish or roll back its step, then ends. The status page is at `listen`.",
  examples: [
    ["canonical-sweep serve", "run in the foreground, until Ctrl-C"],
    ["systemctl enable --now canonical-sweep.service", "run as a service, with the units of `units`"],
  ],
  exits: [EXIT.ok, EXIT.bug, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "the daemon was asked to stop" },
  load: async () => (await import("../commands/serve.ts")).runServe,
};

const units: CommandDefinition = {
  name: "units",
  summary: "print the systemd units, with this machine's absolute paths",
  about:
    "Prints canonical-sweep.service (the daemon), and canonical-sweep-sweep.service with its timer (a fire without the daemon) for this configuration: Node, the program, the folders and the PATH of all tools as they are here. Enable the daemon or the timer, never both. Write them anew after a change of `schedule`, `timezone`, `state`, `path` or `timeouts`. A tool that is missing is named, with its remedy.",
  options: [
    {
      flags: "--write <DIR>",
      about: "write them into this folder instead of printing them",
      completes: "file",
    },
  ],
  examples: [
    ["canonical-sweep units", "look at the units first"],
    ["canonical-sweep units --write /etc/systemd/system", "install them; then run `systemctl daemon-reload`"],
  ],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery],
  exitMeanings: { [EXIT.ok]: "printed, or written", [EXIT.machinery]: "the same, but a tool is missing" },
  load: async () => (await import("../commands/units.ts")).runUnits,
};

const notify: CommandDefinition = {
  name: "notify",
  summary: "send a test notification",
  about:
    "Sends a test notice to each receiver of `notify:` and prints each answer. It needs no sweep and changes nothing. The monitor of `heartbeat:` is left alone: only sweeps report to it.",
  examples: [["canonical-sweep notify", "check that notices arrive"]],
  exits: [EXIT.ok, EXIT.usage, EXIT.machinery, EXIT.interrupted],
  exitMeanings: { [EXIT.ok]: "every receiver took it", [EXIT.machinery]: "a receiver did not take it" },
  load: async () => (await import("../commands/notify.ts")).runNotify,
};

export const SERVICE: CommandGroup = { title: "Service:", commands: [serve, units, notify] };
