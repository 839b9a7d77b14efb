import type { Step } from "../command/step.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { MirrorConfig } from "../config/config.ts";
import type { ActResult } from "../core/act.ts";
import type { GitEnvironment } from "./git-environment.ts";
import { askRepository } from "./network-git.ts";
import { openMirror } from "./push.ts";
import { parseUpstreamRefs, type UpstreamRefs } from "./refs.ts";

/** Asks a mirror on a forge for its tags, with its token; changes nothing. */
export async function askMirrorTags(
  mirror: MirrorConfig,
  tools: Toolbox,
  environment: GitEnvironment,
  step: Step,
): Promise<ActResult<UpstreamRefs["tags"]>> {
  const opened = openMirror(mirror, step);
  if (!opened.ok) return opened;
  const question = { verb: "ls-remote", options: [], after: ["refs/tags/*"] };
  const asked = await askRepository(question, opened.value.address, { tools, environment, step });
  if (!asked.ok) return asked;
  const parsed = parseUpstreamRefs(asked.value.stdout);
  if ("refs" in parsed) return { ok: true, value: parsed.refs.tags };
  return { ok: false, failure: { cause: "machinery", step: "git ls-remote", message: parsed.problem } };
}
