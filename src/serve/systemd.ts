import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { Clock, Log } from "../log.ts";

/** The service manager that started the daemon; without one nothing is sent. */
export interface ServiceManager {
  /** Watchdog interval, in milliseconds; null: no watchdog. */
  watchdogMs: number | null;
  /** Sends `READY=1`, `STATUS=…` and the like (sd_notify(3)); never throws, and takes a few seconds at most. */
  tell(...assignments: string[]): Promise<void>;
}

const TELL_LIMIT_MS = 5_000;

/**
 * systemd, if `NOTIFY_SOCKET` names its socket. Node cannot write to a socket of that kind, so systemd-notify does,
 * which needs `NotifyAccess=all`. Throws a Fault (machinery) if that is missing.
 */
export function serviceManager(
  env: Readonly<Record<string, string | undefined>>,
  tools: Toolbox,
  clock: Clock,
  log: Pick<Log, "warn">,
): ServiceManager {
  const socket = env.NOTIFY_SOCKET;
  if (socket === undefined || socket === "") return { watchdogMs: null, tell: async () => {} };
  const file = tools.find("systemd-notify");
  return {
    watchdogMs: watchdogOf(env),
    tell: async (...assignments) => {
      const result = await runCommand(
        {
          file,
          // Not `--no-block`: the sender may exit before systemd attributes the message to the unit, which drops it.
          args: assignments,
          cwd: "/",
          env: Environment.of("systemdNotify", { notifySocket: socket }),
          deadline: deadlineIn(clock, "systemd-notify", TELL_LIMIT_MS),
        },
        clock,
      );
      if (!result.ok) log.warn(`systemd was not told ${assignments[0]}: ${result.stderr.trim()}`);
    },
  };
}

function watchdogOf(env: Readonly<Record<string, string | undefined>>): number | null {
  const microseconds = Number(env.WATCHDOG_USEC);
  return microseconds > 0 ? microseconds / 1000 : null;
}
