import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import { Fault } from "../fault.ts";
import type { Context } from "../run/context.ts";
import { aside, type Check, fault, fine, note, PROBE_LIMIT_MS, unknown } from "./check.ts";

const DAEMON = "canonical-sweep.service";
const TIMER = "canonical-sweep-sweep.timer";

/** The units that start sweeps on this machine; both at once is a fault. Asked only if there is a systemd. */
export async function checkUnits(context: Context): Promise<Check[]> {
  const states = await askStates(context);
  if (states === null) return [];
  const [daemon = "", timer = ""] = states;
  const name = "units";
  if (!/^[a-z-]+$/.test(daemon) || !/^[a-z-]+$/.test(timer)) {
    const said = [daemon, timer].filter((text) => text !== "").join("; ");
    return [
      aside(
        unknown(
          name,
          said || "systemctl says nothing",
          "look at them",
          `systemctl is-enabled ${DAEMON} ${TIMER}`,
        ),
      ),
    ];
  }
  const enabled = [daemon, timer].map((state) => state.startsWith("enabled"));
  if (enabled[0] && enabled[1])
    return [
      fault(
        name,
        `${DAEMON} and ${TIMER} are both enabled: each would start its own sweep`,
        "keep one of them",
        `systemctl disable --now ${TIMER}`,
      ),
    ];
  if (enabled[0]) return [fine(name, `${DAEMON} is enabled`)];
  if (enabled[1]) return [fine(name, `${TIMER} is enabled`)];
  return [
    note(name, `neither ${DAEMON} nor ${TIMER} is enabled: no sweep starts by itself`, {
      say: "write the units, then enable one of them",
      command: "canonical-sweep units --write /etc/systemd/system",
    }),
  ];
}

async function askStates(context: Context): Promise<string[] | null> {
  try {
    return await Promise.all([DAEMON, TIMER].map((unit) => askState(context, unit)));
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

// It prints the state in one word, and for a missing unit `not-found` or a sentence on standard error.
async function askState({ clock, tools }: Context, unit: string): Promise<string> {
  const file = tools.find("systemctl");
  const env = Environment.of("systemd", tools);
  const deadline = deadlineIn(clock, "doctor", PROBE_LIMIT_MS);
  const result = await runCommand({ file, args: ["is-enabled", unit], cwd: "/", env, deadline }, clock);
  if (result.timedOut) return `systemctl did not answer within ${PROBE_LIMIT_MS / 1000} s`;
  const said = result.stdout.trim();
  if (said !== "") return said;
  return /no such file|not found/i.test(result.stderr) ? "not-found" : result.stderr.trim();
}
