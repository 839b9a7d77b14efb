import { type ActResult, failed, succeed } from "../../core/act.ts";
import { withoutTrailingSlash } from "../../core/plan/test-environment.ts";
import type { Running } from "../../core/read-back.ts";
import { oneLine } from "../../core/text/one-line.ts";
import { probeHttp, probeTcp, targetOf } from "../../edge/probe.ts";
import type { Act } from "./command-app.ts";
import { failureOf } from "./failure.ts";
import { processesOf } from "./processes.ts";
import { runLine } from "./run-line.ts";

/** A proxy's answers for an app that is not there. */
const REFUSALS = [404, 502, 503, 504];

/** An app as seen from outside. */
export interface Seen {
  processes: number[];
  /** The output of `version`; null if it failed, printed nothing or is not configured. */
  version: string | null;
  /** Whether the app's place answers: its URL, or else the edge with its domain. */
  answers: boolean;
}

/**
 * Looks whether an app runs. Apps run by a supervisor have no process of ours, so `version` is asked too; but its
 * answer may come from a file, so something must also answer at the app's address.
 */
export async function lookAt(act: Act): Promise<ActResult<Seen>> {
  const version = await askVersion(act);
  if (!version.ok) return version;
  const answers = version.value.version !== null && (await somethingAnswers(act));
  return succeed({ processes: processesOf(act.app), version: version.value.version, answers });
}

export function isUp(seen: Seen): boolean {
  return seen.processes.length > 0 || (seen.version !== null && seen.answers);
}

/** The version that the running app reports, or why it reports none. If `version` fails, the app does not answer. */
export async function askVersion(act: Act): Promise<ActResult<Pick<Running, "version" | "versionProblem">>> {
  const result = await runLine("version", { ...act, capture: true });
  if (result === null) return succeed({ version: null });
  if (result.ok) return succeed({ version: result.stdout.trim().split("\n")[0]?.trim() || null });
  const failure = failureOf(result, "version", act.step);
  if (failure.cause !== "recipe") return failed(failure);
  act.step.say(`no version: ${failure.message}`);
  return succeed({ version: null, versionProblem: `version: ${failure.message}` });
}

/**
 * The base URL printed by `url`, without a trailing slash; null if no `url` is configured. A failure is usual before a
 * deploy.
 */
export async function askUrl(act: Act): Promise<ActResult<string | null>> {
  const result = await runLine("url", { ...act, capture: true });
  if (result === null) return succeed(null);
  if (!result.ok) return failed(failureOf(result, "url", act.step));
  const text = result.stdout.trim();
  if (isWebAddress(text)) return succeed(withoutTrailingSlash(text));
  const message = `\`url\` printed no http address: ${oneLine(text)}`;
  return failed({ cause: "recipe", step: "url", message });
}

// `URL` would read a port left empty by a failed `$(cat …)` as 80.
function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]*[^\s/:](\/\S*)?$/i.test(text) && URL.canParse(text);
}

// A proxy always listens at the edge: its answers for a missing app do not count.
async function somethingAnswers(act: Act): Promise<boolean> {
  const url = await askUrl(act);
  if (!url.ok) return false;
  const target = targetOf(url.value, act.app.edge, act.app.domain);
  if (!(await probeTcp(target.address, target.port)).healthy) return false;
  return url.value !== null || !(await probeHttp(target, "/", REFUSALS)).healthy;
}
