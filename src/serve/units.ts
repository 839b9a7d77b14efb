import type { Config } from "../config/config.ts";
import { readSchedule } from "../config/schedule.ts";
import { TRAITS } from "../core/driver-traits.ts";
import { skippedTimes } from "../core/schedule/due-time.ts";
import { onCalendar, onCalendarOnce } from "../core/schedule/on-calendar.ts";
import { stopGrace } from "./stop-grace.ts";
import { HARDENING } from "./units-hardening.ts";

/** What the units of a machine are made of; all paths absolute. */
export interface UnitFacts {
  /** The Node and the program that run. */
  node: string;
  program: string;
  config: Pick<Config, "folder" | "path" | "recipes" | "schedule" | "state" | "timeouts" | "timezone">;
  /** From when on the calendar is written down (milliseconds since the epoch). */
  now: number;
}

/** The text of each unit, by its file name. */
export type Units = Readonly<Record<string, string>>;

const DAY_MS = 86_400_000;
/** Times that the clock skips are written down one by one, for so long. */
const SKIPPED_DAYS = 5 * 366;
const LATE_MS = 30 * 60_000;
const SYSTEM_STATE = "/var/lib/";

/** The units of the daemon, and those of a weekly fire without it: one of both is enabled, never both. */
export function renderUnits(facts: UnitFacts): Units {
  return {
    "canonical-sweep.service": daemonService(facts),
    "canonical-sweep-sweep.service": sweepService(facts),
    "canonical-sweep-sweep.timer": sweepTimer(facts),
  };
}

function daemonService(facts: UnitFacts): string {
  return unit([
    "# Written by `canonical-sweep units`: the daemon. Enable this or canonical-sweep-sweep.timer, never both.",
    ...head("canonical-sweep: the daemon", facts),
    "",
    "[Service]",
    "Type=notify",
    "# systemd-notify speaks for the program, which cannot write to such a socket itself.",
    "NotifyAccess=all",
    `ExecStart=${command(facts, "serve")}`,
    "# HUP, from the one program that is there for certain.",
    `ExecReload=${quoted(facts.node)} -e "process.kill(Number(process.env.MAINPID), 'SIGHUP')"`,
    "Restart=on-failure",
    "RestartSec=10s",
    "# Fed while its loop turns and no step of a sweep is past its limit.",
    "WatchdogSec=3min",
    "TimeoutAbortSec=30s",
    "TimeoutStartSec=2min",
    ...stopping(facts),
    ...surroundings(facts),
    ...HARDENING,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ]);
}

function sweepService(facts: UnitFacts): string {
  const limit = Math.ceil((facts.config.timeouts.sweep + LATE_MS) / 1000);
  return unit([
    "# Written by `canonical-sweep units`: one sweep, which canonical-sweep-sweep.timer starts.",
    ...head("canonical-sweep: one sweep", facts),
    "",
    "[Service]",
    "# Not oneshot, which may not be started again: what found another run at work (75) tries until that has ended.",
    "Type=exec",
    `ExecStart=${command(facts, "sweep")}`,
    "Environment=CANONICAL_SWEEP_TRIGGER=timer",
    "# 3: finished, and somebody has to look. 4 (hollow) and 5 (machinery) fail the unit.",
    "SuccessExitStatus=3",
    "RestartForceExitStatus=75",
    "RestartSec=1min",
    `RuntimeMaxSec=${limit}s`,
    ...stopping(facts),
    ...surroundings(facts),
    ...HARDENING,
  ]);
}

function sweepTimer({ config, now }: UnitFacts): string {
  const schedule = readSchedule(config.schedule, config.timezone);
  const skipped = skippedTimes(schedule, now, now + SKIPPED_DAYS * DAY_MS).map(onCalendarOnce);
  const once = [
    `# The clocks of ${config.timezone} skip these times, and systemd would skip the sweep. Write the units anew before`,
    "# the last of them.",
    ...skipped.map((moment) => `OnCalendar=${moment}`),
  ];
  return unit([
    "# Written by `canonical-sweep units`: fires canonical-sweep-sweep.service without the daemon.",
    "[Unit]",
    "Description=canonical-sweep: when a sweep is due",
    "",
    "[Timer]",
    `# \`schedule: "${config.schedule}"\` in \`timezone: ${config.timezone}\``,
    ...onCalendar(schedule).map((calendar) => `OnCalendar=${calendar}`),
    ...(skipped.length > 0 ? once : []),
    "# A machine that was off catches up once.",
    "Persistent=true",
    "AccuracySec=1s",
    "",
    "[Install]",
    "WantedBy=timers.target",
  ]);
}

function head(description: string, { config }: UnitFacts): string[] {
  const needsDocker = config.recipes.some((recipe) => recipe.enrolled && TRAITS[recipe.driver].onSwarm);
  const after = ["network-online.target", ...(needsDocker ? ["docker.service"] : [])].join(" ");
  return ["[Unit]", `Description=${description}`, "Wants=network-online.target", `After=${after}`];
}

function stopping({ config }: UnitFacts): string[] {
  return [
    "# TERM goes to the program alone, which finishes or rolls back what it does; what is left then is killed.",
    "KillMode=mixed",
    `TimeoutStopSec=${Math.ceil(stopGrace(config) / 1000) + 60}s`,
  ];
}

function surroundings({ config }: UnitFacts): string[] {
  const { path, state } = config;
  const name = state.startsWith(SYSTEM_STATE) ? state.slice(SYSTEM_STATE.length) : null;
  // What follows a colon there would be the name of a link.
  const isPlain = name !== null && !name.includes(":");
  const place = isPlain ? `StateDirectory=${quoted(name)}` : `ReadWritePaths=${quoted(state)}`;
  return [
    "# Where every tool is looked for: `path` of sweep.yaml, then the system's folders.",
    `Environment=${quoted(`PATH=${path.join(":")}`)}`,
    "Environment=LANG=C.UTF-8",
    place,
    "# Volumes of canonicals are copied and put back where Docker keeps them; absent where there is no Docker.",
    "ReadWritePaths=-/var/lib/docker",
  ];
}

function command({ config, node, program }: UnitFacts, name: string): string {
  const words = [program, "--config", config.folder, "--state", config.state, name];
  // `$` begins a variable in the arguments of a command, and nowhere else.
  return [node, ...words.map((word) => word.replaceAll("$", "$$$$"))].map(quoted).join(" ");
}

// `%` begins a specifier in a unit, and `\` an escape; quotes keep blanks together.
function quoted(word: string): string {
  const escaped = word.replaceAll("%", "%%");
  return /[\s"'\\;]/.test(escaped) ? `"${escaped.replaceAll(/["\\]/g, "\\$&")}"` : escaped;
}

function unit(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
