import { Environment } from "../../command/environment.ts";
import type { CommandResult } from "../../command/run.ts";
import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import { quoteWord } from "../../core/text/quote-word.ts";
import { ALWAYS } from "./abra-commands.ts";
import type { AbraOptions } from "./abra-options.ts";
import { failureOfAbra } from "./failure.ts";
import { homeOf } from "./home.ts";

export interface AbraCall {
  /** The act by its name in a brief: `deploy`, `backup`. */
  act: string;
  args: readonly string[];
  /** Keeps the output out of every log. */
  secret?: true;
  /** Gives abra a pseudo-terminal, which commands in the backup-bot's container ask for. */
  terminal?: true;
}

/** Runs abra; throws `ActFailed` with abra's own words. Returns both streams, since errors go to standard output. */
export async function runAbra(options: AbraOptions, app: App, call: AbraCall, step: Step): Promise<string> {
  const result = await callAbra(options, app, call, step);
  const output = outputOf(result);
  if (result.ok) return output;
  throw failureOfAbra(result, { act: call.act, output, runsInApp: call.terminal === true }, step);
}

/** The same, for callers that check the effect whatever the exit code was. */
export async function callAbra(
  options: AbraOptions,
  app: App,
  call: AbraCall,
  step: Step,
): Promise<CommandResult> {
  const abra = options.tools.find("abra");
  const argv = [...call.args, ...ALWAYS];
  return step.run({
    ...(call.terminal
      ? { file: options.tools.find("script"), args: withTerminal([abra, ...argv]) }
      : { file: abra, args: argv }),
    cwd: app.scratch,
    env: Environment.of("abra", {
      searchPath: options.tools.searchPath,
      home: options.home,
      abraFolder: homeOf(app).root,
    }),
    shownAs: ["abra", ...argv].join(" "),
    ...(call.secret ? { capture: true } : {}),
  });
}

/** Both outputs, without a terminal's additions. */
export function outputOf(result: Pick<CommandResult, "stdout" | "stderr">): string {
  return `${result.stdout}\n${result.stderr}`.replaceAll("\r", "").replace(TERMINAL_CODES, "");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes are made of control characters
const TERMINAL_CODES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*\u0007|[()][A-Z0-9])/g;

// `script` takes one text for a shell, so every word is quoted.
function withTerminal(argv: readonly string[]): string[] {
  const quoted = argv.map(quoteWord).join(" ");
  return ["--quiet", "--return", "--command", quoted, "/dev/null"];
}
