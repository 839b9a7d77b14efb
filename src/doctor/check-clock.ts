import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import { Fault } from "../fault.ts";
import type { Context } from "../run/context.ts";
import { listRunIds } from "../state/paths.ts";
import { aside, type Check, fault, fine, PROBE_LIMIT_MS, unknown } from "./check.ts";

/** This program was written at this time, so a correct clock shows a later one. */
const WRITTEN_AT = Date.parse("2026-01-01T00:00:00Z");
const SYNC = "timedatectl set-ntp true";

/** Whether the clock can be right, and whether something keeps it right. */
export async function checkClock(context: Context): Promise<Check[]> {
  return [sanity(context), aside(await synchronised(context))];
}

function sanity({ clock, state }: Context): Check {
  const now = clock.now();
  const shown = `it is ${new Date(now).toISOString()}`;
  if (now < WRITTEN_AT)
    return fault("clock", `${shown}: that is before this program was written`, "set it", SYNC);
  const newest = listRunIds(state).at(-1);
  const began = Date.parse(
    (newest ?? "").replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d).*$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (began > now)
    return fault(
      "clock",
      `${shown}, and the run ${newest} began after that: runs are in the order of their ids`,
      "set it",
      SYNC,
    );
  return fine("clock", shown);
}

async function synchronised(context: Context): Promise<Check> {
  const name = "clock sync";
  const asked = await askKernel(context);
  if (asked === "yes") return fine(name, "synchronised");
  if (asked === "no") return fault(name, "nothing synchronises it", "let it be synchronised", SYNC);
  return unknown(name, asked, "see whether something keeps the clock right", "timedatectl");
}

async function askKernel({ clock, tools }: Context): Promise<string> {
  try {
    const args = ["show", "--property", "NTPSynchronized", "--value"];
    const env = Environment.of("systemd", tools);
    const deadline = deadlineIn(clock, "doctor", PROBE_LIMIT_MS);
    const result = await runCommand(
      { file: tools.find("timedatectl"), args, cwd: "/", env, deadline },
      clock,
    );
    return result.ok
      ? result.stdout.trim()
      : result.stderr.trim().split("\n")[0] || "timedatectl says nothing";
  } catch (error) {
    if (error instanceof Fault) return "there is no timedatectl to ask";
    throw error;
  }
}
