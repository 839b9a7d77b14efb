import { setTimeout as wait } from "node:timers/promises";
import { formatDuration } from "../core/duration.ts";
import { messageOf } from "../fault.ts";

/** A request to a receiver of notifications. */
export interface Message {
  /** May hold a token: it is never shown whole. */
  url: string;
  method: "GET" | "POST" | "PUT";
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** Attempts per receiver, with a pause before each further one in milliseconds, doubled each time. */
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;
const LIMIT_MS = 10_000;

/**
 * Sends a message, and repeats it if the receiver did not answer or could not take it (429 and 5xx). Returns null when
 * it was accepted, else the problem, without the address's path.
 */
export async function send(message: Message, signal: AbortSignal): Promise<string | null> {
  let problem = "";
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const end = await sendOnce(message, signal);
    if (end === null) return null;
    problem = `${shownReceiver(message.url)} ${end.problem}`;
    if (!end.isPassing || signal.aborted) return problem;
    if (attempt === ATTEMPTS) break;
    await wait(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
  }
  return `${problem} (asked ${ATTEMPTS} times)`;
}

/** A receiver in a form that may be shown: the rest of its address is often secret. */
export function shownReceiver(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}/…`;
}

async function sendOnce(
  { url, method, headers, body }: Message,
  signal: AbortSignal,
): Promise<{ problem: string; isPassing: boolean } | null> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.any([signal, limit]),
      redirect: "error",
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    });
    // Its body is of no use, and may never end.
    await response.body?.cancel();
    if (response.ok) return null;
    const isPassing = response.status === 429 || response.status >= 500;
    return { problem: `answered ${response.status}`, isPassing };
  } catch (error) {
    if (limit.aborted)
      return { problem: `gave no answer within ${formatDuration(LIMIT_MS)}`, isPassing: true };
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { problem: `could not be asked: ${messageOf(cause)}`, isPassing: true };
  }
}
