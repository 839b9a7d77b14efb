import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Toolbox } from "../command/toolbox.ts";
import { Fault } from "../fault.ts";
import type { Clock } from "../log.ts";
import type { StatePaths } from "../state/paths.ts";
import { openLockFile } from "./lock-file.ts";

const LIMIT_MS = 30_000;

/**
 * Changes exceptions while nobody else does: a concurrent read, change and write would lose the other's change. Never
 * waits for a sweep, which only reads them.
 */
export async function oneAtATime<T>(
  state: Pick<StatePaths, "exceptions">,
  tools: Toolbox,
  clock: Clock,
  change: () => T,
): Promise<T> {
  const path = join(state.exceptions, ".lock");
  const file = openLockFile(path);
  try {
    const deadline = deadlineIn(clock, "flock", LIMIT_MS);
    const args = ["--exclusive", "3"];
    const locked = await runCommand(
      { file: tools.find("flock"), args, cwd: "/", env: Environment.of("flock", {}), deadline, fd3: file.fd },
      clock,
    );
    if (locked.ok) return change();
    const why = locked.notStarted ?? (locked.timedOut ? "another one holds it" : locked.stderr.trim());
    throw new Fault("machinery", `cannot lock ${path}: ${why}`, "try again; nothing was changed");
  } finally {
    file.close();
  }
}
