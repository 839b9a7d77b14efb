import type { Step } from "../command/step.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { ActResult } from "../core/act.ts";
import { type GitAddress, readAddress } from "./git-address.ts";
import type { GitEnvironment } from "./git-environment.ts";
import { askRepository, type GitMeans } from "./network-git.ts";
import { parseUpstreamRefs, type UpstreamRefs } from "./refs.ts";

/**
 * Asks upstream for its default branch and its tags with one `git ls-remote`. No answer is a failure in git's own
 * words; an upstream without tags, or without any commit, is an answer. Servers older than git protocol 2 send all
 * their refs, which only costs time.
 */
export async function askUpstream(
  upstream: string,
  tools: Toolbox,
  environment: GitEnvironment,
  step: Step,
): Promise<ActResult<UpstreamRefs>> {
  const address = readAddress(upstream);
  const means = { tools, environment, step };
  const asked = await askRepository(QUESTION, address, means);
  if (!asked.ok) return asked;
  const parsed = parseUpstreamRefs(asked.value.stdout);
  if ("problem" in parsed) return noAnswer(parsed.problem);
  if (asked.value.stdout !== "" || !/^https?:/i.test(address.url)) return { ok: true, value: parsed.refs };
  return confirmEmpty(address, means);
}

const QUESTION = { verb: "ls-remote", options: ["--symref"], after: ["HEAD", "refs/tags/*"] };

/**
 * Git takes any page without a line end (an empty one, a proxy's greeting) for the ref list of a plain file server,
 * finds no refs in it and exits with 0. Only a server that speaks git's own protocol is believed to be empty.
 */
async function confirmEmpty(address: GitAddress, means: GitMeans): Promise<ActResult<UpstreamRefs>> {
  const traced = { ...means, environment: { ...means.environment, tracesPackets: true } };
  const asked = await askRepository(QUESTION, address, traced);
  if (!asked.ok) return asked;
  const parsed = parseUpstreamRefs(asked.value.stdout);
  if ("problem" in parsed) return noAnswer(parsed.problem);
  if (/packet: .*</.test(asked.value.stderr)) return { ok: true, value: parsed.refs };
  return noAnswer(`${address.shown} answered with an empty page, not as a git server`);
}

function noAnswer(message: string): ActResult<never> {
  return { ok: false, failure: { cause: "machinery", step: "git ls-remote", message } };
}
