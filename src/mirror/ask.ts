import type { Step } from "../command/step.ts";
import type { Outcome } from "../driver/driver.ts";
import type { Toolbox } from "../environment/toolbox.ts";
import { readAddress } from "./git-address.ts";
import type { GitEnvironment } from "./git-environment.ts";
import { askRepository } from "./network-git.ts";
import { parseUpstreamRefs, type UpstreamRefs } from "./refs.ts";

/**
 * Asks upstream for its default branch and its tags with exactly one `git ls-remote`. No answer is a failure
 * with git's own words; an upstream without tags, or without any commit, is an answer. Servers older than git
 * protocol 2 send all their refs, which costs time and changes nothing.
 */
export async function askUpstream(
  upstream: string,
  tools: Toolbox,
  environment: GitEnvironment,
  step: Step,
): Promise<Outcome<UpstreamRefs>> {
  const address = readAddress(upstream);
  const command = { verb: "ls-remote", options: ["--symref"], after: ["HEAD", "refs/tags/*"] };
  const asked = await askRepository(command, address, { tools, environment, step });
  if (!asked.ok) return asked;
  const parsed = parseUpstreamRefs(asked.value.stdout);
  if ("refs" in parsed) return { ok: true, value: parsed.refs };
  return { ok: false, failure: { cause: "machinery", step: "git ls-remote", message: parsed.problem } };
}
