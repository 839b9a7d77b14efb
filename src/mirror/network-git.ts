import { deadlineIn } from "../command/deadline.ts";
import type { CommandResult } from "../command/run.ts";
import type { Step } from "../command/step.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { ActResult, Failure } from "../core/act.ts";
import { type GitAddress, isAddress, maskAddress } from "./git-address.ts";
import { type GitEnvironment, networkEnvironment } from "./git-environment.ts";
import { gitFailure } from "./git-words.ts";

export interface NetworkCommand {
  /** `fetch`, `push`, `ls-remote`. */
  verb: string;
  options: readonly string[];
  /** Refspecs or patterns, placed after the address. */
  after: readonly string[];
  /** The repository to work in; `/` by default. */
  bare?: string;
}

/** The means of calling git, given to each part of the mirror. */
export interface GitMeans {
  tools: Toolbox;
  environment: GitEnvironment;
  step: Step;
}

/** The longest answer kept: a full listing of mirrored tags with the longest names takes less than half of it. */
const LONGEST_MIB = 16;

/**
 * Runs one git command that asks another repository, as one child in its own group, within `timeouts.git`. Any exit
 * code but 0 is a failure in git's own words.
 */
export async function askRepository(
  command: NetworkCommand,
  address: GitAddress,
  means: GitMeans,
): Promise<ActResult<CommandResult>> {
  const what = `git ${command.verb}`;
  if (!isAddress(address.url)) return { ok: false, failure: notAnAddress(what, address) };
  for (const secret of address.secrets) means.step.secret(secret);
  const { step, environment, tools } = means;
  const deadline = deadlineIn(step.clock, "timeouts.git", environment.timeoutMs);
  const result = await step.run({
    file: tools.find("git"),
    args: [command.verb, ...command.options, "--", address.url, ...command.after],
    cwd: command.bare ?? "/",
    env: networkEnvironment(address, environment, tools),
    deadline,
    capture: true,
    keepBytes: LONGEST_MIB * 1024 * 1024,
    shownAs: [what, ...command.options, address.shown, ...shortened(command.after)].join(" "),
  });
  if (result.ok) return judgeAnswer(what, address, result, step);
  const limit = deadline.at <= step.deadline.at ? deadline : step.deadline;
  const failure = gitFailure(`${what} of ${address.shown}`, result, limit);
  step.say(failure.message);
  return { ok: false, failure: { ...failure, step: what } };
}

/**
 * Refuses answers that git itself accepts: one too long to be kept whole, and one from another host than the operator
 * named.
 */
function judgeAnswer(
  what: string,
  address: GitAddress,
  result: CommandResult,
  step: Step,
): ActResult<CommandResult> {
  const refuse = (why: string): ActResult<never> => {
    const message = `${what} of ${address.shown}: ${why}`;
    step.say(message);
    return { ok: false, failure: { cause: "machinery", step: what, message } };
  };
  if (!result.isWhole) return refuse(`the answer is longer than ${LONGEST_MIB} MiB`);
  const to = /^warning: redirecting to (\S+)$/m.exec(maskAddress(result.stderr))?.[1];
  if (to === undefined) return { ok: true, value: result };
  if (hostOf(to) !== hostOf(address.url))
    return refuse(`it redirects to another host, ${to}; if it has moved there, change the address`);
  step.warn(`${address.shown} redirects to ${to}: change the address`);
  return { ok: true, value: result };
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname : null;
}

// A push may name hundreds of tags: the line for people shows the first few.
function shortened(args: readonly string[]): readonly string[] {
  return args.length <= 6 ? args : [...args.slice(0, 6), `… ${args.length - 6} more`];
}

function notAnAddress(what: string, address: GitAddress): Failure {
  return {
    cause: "refused",
    step: what,
    message: `not an address of a repository: ${JSON.stringify(address.shown)}`,
  };
}
