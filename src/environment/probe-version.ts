import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Tool } from "../command/tools.ts";
import type { Clock } from "../log.ts";

/** Limit for a program to print its version, in milliseconds. */
const LIMIT_MS = 15_000;

/** The version that a program reports; null if it reports none in time. */
export async function probeVersion(
  tool: Pick<Tool, "probe" | "pattern">,
  path: string,
  searchPath: string,
  clock: Clock,
): Promise<string | null> {
  const result = await runCommand(
    {
      file: path,
      args: tool.probe,
      cwd: "/",
      env: Environment.of("probe", { searchPath }),
      deadline: deadlineIn(clock, `the version of ${path}`, LIMIT_MS),
    },
    clock,
  );
  return tool.pattern.exec(`${result.stdout}\n${result.stderr}`)?.[1] ?? null;
}
