import { connect } from "node:net";
import type { Step } from "../../command/step.ts";
import { oneLine } from "../../core/label.ts";
import { withoutTrailingSlash } from "../../core/test-environment.ts";
import type { Outcome } from "../driver.ts";
import type { CommandApp, CommandDriverOptions, CommandSource } from "./command-app.ts";
import { failed, failureOf, succeeded } from "./failure.ts";
import { processesOf } from "./processes.ts";
import { runLine } from "./run-line.ts";

const CONNECT_MS = 2_000;

/** What is seen of an app from outside. */
export interface Seen {
  processes: number[];
  /** What `version` printed; null where it failed, was silent or is not configured. */
  version: string | null;
  /** Whether something listens at the app's URL; null where no URL is known. */
  listens: boolean | null;
}

/**
 * Looks whether an app runs. Apps that were handed to a supervisor have no process of ours, so `version` is
 * asked too; but its word alone is not believed where a URL is known at which nothing listens.
 */
export async function lookAt(
  options: CommandDriverOptions,
  app: CommandApp,
  source: CommandSource | null,
  step: Step,
): Promise<Outcome<Seen>> {
  const version = await askVersion(options, app, source, step);
  if (!version.ok) return version;
  const url = version.value === null ? succeeded(null) : await askUrl(options, app, source, step);
  const listens = url.ok && url.value !== null ? await somethingListens(new URL(url.value)) : null;
  return succeeded({ processes: processesOf(app), version: version.value, listens });
}

export function isUp(seen: Seen): boolean {
  return seen.processes.length > 0 || (seen.version !== null && seen.listens !== false);
}

/** The version that the running app says it has. A `version` that fails is an app that does not answer. */
export async function askVersion(
  options: CommandDriverOptions,
  app: CommandApp,
  source: CommandSource | null,
  step: Step,
): Promise<Outcome<string | null>> {
  const result = await runLine(options, "version", { app, source, capture: true }, step);
  if (result === null) return succeeded(null);
  if (result.ok) return succeeded(result.stdout.trim().split("\n")[0]?.trim() || null);
  const failure = failureOf(result, "version", step);
  if (failure.cause !== "recipe") return failed(failure);
  step.say(`no version: ${failure.message}`);
  return succeeded(null);
}

/**
 * The base URL that `url` prints, without a trailing slash; null where no `url` is configured. A failure is
 * usual before a deploy.
 */
export async function askUrl(
  options: CommandDriverOptions,
  app: CommandApp,
  source: CommandSource | null,
  step: Step,
): Promise<Outcome<string | null>> {
  const result = await runLine(options, "url", { app, source, capture: true }, step);
  if (result === null) return succeeded(null);
  if (!result.ok) return failed(failureOf(result, "url", step));
  const text = result.stdout.trim();
  if (isWebAddress(text)) return succeeded(withoutTrailingSlash(text));
  const message = `\`url\` printed no http address: ${oneLine(text)}`;
  return failed({ cause: "recipe", step: "url", message });
}

// A port that a failed `$(cat …)` left empty would be taken for 80 by `URL`.
function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]*[^\s/:](\/\S*)?$/i.test(text) && URL.canParse(text);
}

function somethingListens(url: URL): Promise<boolean> {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (listens: boolean) => {
      socket.destroy();
      resolve(listens);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
