import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { Clock } from "../log.ts";

/** `problem` says why the kernel or the program `flock` refused; `exitCode` is null where it did not end by itself. */
export type FlockEnd = "taken" | "held" | { problem: string; exitCode: number | null };

/**
 * Takes a lock of the kernel on an open file or folder, for as long as that is open. With `wait` it waits for another
 * holder until `limitMs` has passed; without, it says at once that the lock is `held`.
 */
export async function takeFlock(
  { clock, tools }: { clock: Clock; tools: Toolbox },
  fd: number,
  { mode, wait, limitMs }: { mode: "--exclusive" | "--shared"; wait: boolean; limitMs: number },
): Promise<FlockEnd> {
  const result = await runCommand(
    {
      file: tools.find("flock"),
      args: [...(wait ? [] : ["--nonblock"]), mode, "3"],
      cwd: "/",
      env: Environment.of("flock", {}),
      deadline: deadlineIn(clock, "flock", limitMs),
      fd3: fd,
    },
    clock,
  );
  if (result.ok) return "taken";
  if (wait ? result.timedOut : result.exitCode === 1) return "held";
  return { problem: result.notStarted ?? result.stderr.trim(), exitCode: result.exitCode };
}
