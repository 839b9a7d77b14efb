import { EXIT, type ExitCode } from "../core/exit.ts";
import { wrap } from "../render/wrap.ts";
import type { CommandDefinition } from "./definition.ts";

const MEANINGS: Record<ExitCode, string> = {
  [EXIT.ok]: "every row is SKIP or PASS, or the command did its work",
  [EXIT.bug]: "a bug in this program",
  [EXIT.usage]: "the command line or the configuration is wrong: every fault is listed",
  [EXIT.findings]: "finished, but a row needs a look (FAIL, BLOCKED, NOT-RUN, not promoted)",
  [EXIT.hollow]: "hollow: fewer recipes were tested than expected",
  [EXIT.machinery]: "machinery: a tool is missing, Docker is away, a state file cannot be read or written",
  [EXIT.locked]: "another run is at work",
  [EXIT.interrupted]: "interrupted by Ctrl-C",
  [EXIT.terminated]: "ended by TERM",
};

/** What follows a command's options in its help: examples and exit codes. */
export function helpAfter(definition: CommandDefinition, width: number): string {
  const examples = definition.examples.flatMap(([command, does]) => [
    `  $ ${command}`,
    ...wrap(does, width - 6).map((line) => `      ${line}`),
  ]);
  const exits = definition.exits.flatMap((code) => {
    const meaning = definition.exitMeanings?.[code] ?? MEANINGS[code];
    const [first = "", ...rest] = wrap(meaning, width - 7);
    return [`  ${String(code).padStart(3)}  ${first}`, ...rest.map((line) => `       ${line}`)];
  });
  return ["", "Examples:", ...examples, "", "Exit codes:", ...exits].join("\n");
}

/** What follows the list of commands in the help of the program. */
export const PROGRAM_HELP_AFTER = `
Results go to standard output, logs and progress to standard error.
\`canonical-sweep COMMAND --help\` has the options, examples and exit codes of each.

Examples:
  $ canonical-sweep demo
      show the main job on a laptop with only Node and git
  $ canonical-sweep plan
      show what a sweep would do, and why`;
