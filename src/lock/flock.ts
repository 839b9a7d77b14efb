import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { Clock } from "../log.ts";

/** `problem` says why the kernel or the program `flock` refused; `exitCode` is null if it did not end by itself. */
export type FlockEnd = "taken" | "held" | { problem: string; exitCode: number | null };

/** Limit of the program itself, in milliseconds. */
const LIMIT_MS = 5_000;

/**
 * Takes a kernel lock on an open file or folder, for as long as that is open. Waits for another holder at most `waitMs`
 * milliseconds; with null it returns `held` at once.
 */
export async function takeFlock(
  { clock, tools }: { clock: Clock; tools: Toolbox },
  fd: number,
  mode: "--exclusive" | "--shared",
  waitMs: number | null,
): Promise<FlockEnd> {
  const result = await runCommand(
    {
      file: tools.find("flock"),
      args: [...(waitMs === null ? ["--nonblock"] : []), mode, "3"],
      cwd: "/",
      env: Environment.of("flock", {}),
      deadline: deadlineIn(clock, "flock", waitMs ?? LIMIT_MS),
      fd3: fd,
    },
    clock,
  );
  if (result.ok) return "taken";
  if (waitMs === null ? result.exitCode === 1 : result.timedOut) return "held";
  return { problem: result.notStarted ?? result.stderr.trim(), exitCode: result.exitCode };
}
