import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileIdentity } from "../state/file-facts.ts";
import type { Answer, Asked } from "./answer.ts";
import { keptFresh } from "./fresh.ts";
import { identityOfRecords, identityOfRuns, identityOfWork } from "./identity.ts";
import { recipeIn, runIn } from "./names.ts";
import type { SiteSource } from "./source.ts";

/** At most this many clients at once; a further one is asked to come again later. */
const MOST_CLIENTS = 24;
/** Interval of looks at the state folder while anybody listens, in milliseconds. */
const LOOK_MS = 1000;
/** The longest time without a line, so that a dead connection is noticed, in milliseconds. */
const SILENT_MS = 15_000;

/**
 * `/events`: says that something has changed, without details: the listener reloads the page. Nobody is waited for: a
 * client that does not read gets nothing more until it does.
 */
export function createLive(source: SiteSource): (asked: Asked) => Answer {
  const { state, clock } = source;
  let changed = 0;
  const identity = keptFresh(
    clock,
    () => [identityOfRuns(state), identityOfRecords(state), identityOfWork(state)].join("\n"),
    () => ++changed,
  );
  let clients = 0;
  const follow = async function* (seen: () => string, signal: AbortSignal) {
    clients += 1;
    try {
      yield* changes(seen, signal);
    } finally {
      clients -= 1;
    }
  };
  return ({ query, signal }) => {
    if (clients >= MOST_CLIENTS) return ENOUGH;
    const log = logIn(source, query.get("page") ?? "");
    const seen = () => `${identity()} ${log === null ? "" : fileIdentity(log)}`;
    return { status: 200, type: "text/event-stream", body: follow(seen, signal) };
  };
}

const ENOUGH: Answer = {
  status: 503,
  type: "text/plain; charset=utf-8",
  body: "too many event subscribers; retry in 60 s\n",
  headers: { "Retry-After": "60" },
};

async function* changes(seen: () => string, signal: AbortSignal): AsyncGenerator<string> {
  let told = seen();
  let silentMs = 0;
  yield "retry: 5000\n\n";
  while (await elapsed(LOOK_MS, signal)) {
    const now = seen();
    silentMs += LOOK_MS;
    if (now !== told) yield "event: changed\ndata:\n\n";
    else if (silentMs >= SILENT_MS) yield ": nothing new\n\n";
    else continue;
    told = now;
    silentMs = 0;
  }
}

// False: the client has gone meanwhile.
async function elapsed(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(milliseconds, undefined, { signal, ref: false });
    return true;
  } catch {
    return false;
  }
}

// A viewer of a log is also notified when it grows.
function logIn({ state }: SiteSource, page: string): string | null {
  const [, runs, run = "", recipe = "", logs, ...path] = page.split("/");
  if (runs !== "runs" || logs !== "logs" || runIn(run) === null || recipeIn(recipe) === null) return null;
  return path.some((word) => word === "" || word === "..")
    ? null
    : join(state.run(run).recipe(recipe), ...path);
}
