import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Toolbox } from "../command/toolbox.ts";
import { Fault } from "../fault.ts";
import type { Clock } from "../log.ts";

const LIMIT_MS = 120_000;

/** Tools of this machine for the demo's own work. */
export interface OwnMachine {
  /** The lines that a tool printed; throws a `Fault` (machinery) in the tool's own words. */
  run(name: string, args: readonly string[]): Promise<string[]>;
  /** The same; null if the tool failed. */
  tryRun(name: string, args: readonly string[]): Promise<string[] | null>;
}

export function ownMachine(tools: Toolbox, home: string, clock: Clock): OwnMachine {
  const docker = Environment.of("docker", { searchPath: tools.searchPath, home, run: null });
  const others = Environment.of("copying", tools);
  const start = (name: string, args: readonly string[]) => {
    const deadline = deadlineIn(clock, "the demo", LIMIT_MS);
    const env = name === "docker" ? docker : others;
    return runCommand({ file: tools.find(name), args, cwd: "/", env, deadline }, clock);
  };
  return {
    run: async (name, args) => {
      const result = await start(name, args);
      if (result.ok) return linesOf(result.stdout);
      const said = result.stderr.trim().split("\n")[0] || result.notStarted || "it said nothing";
      throw new Fault("machinery", `${name} ${args[0]} failed: ${said}`, `look at ${name} on this machine`);
    },
    tryRun: async (name, args) => {
      const result = await start(name, args);
      return result.ok ? linesOf(result.stdout) : null;
    },
  };
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
