import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { CommandResult } from "../../command/run.ts";
import type { Asking } from "../../command/step.ts";
import type { Docker, Following } from "../docker.ts";
import { STACK_NAMESPACE } from "../labels.ts";

/** An event of a container, a service or a network. */
export interface DockerEvent {
  type: string;
  /** `start`, `die`, `kill`, `health_status: unhealthy` … */
  action: string;
  id: string;
  /** The stack of a container; null for anything else. */
  stack: string | null;
  /** The full name of a container's service. */
  service: string | null;
  exitCode: number | null;
  /** Milliseconds on the daemon's clock. */
  atMs: number;
}

const Line = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullish() }),
  timeNano: z.number(),
});

/** Pause before a stream of events that ended is resumed, in milliseconds. */
const AGAIN_AFTER_MS = 500;
// Health checks send three more events each time, of no use here.
const TELLING = [
  "create",
  "start",
  "die",
  "kill",
  "oom",
  "destroy",
  "health_status",
  "update",
  "remove",
  "disconnect",
];

/**
 * Calls back for every relevant event of containers, services and networks since a time of the daemon's clock, until it
 * is stopped. A stream that breaks off is resumed where it ended.
 */
export function followEvents(
  docker: Docker,
  since: string,
  asking: Asking,
  onEvent: (event: DockerEvent) => void,
): Following {
  let from = since;
  let isStopped = false;
  const start = () =>
    docker.follow(asking, eventsCommand(from), (line) => {
      const event = parseEvent(line);
      if (event === null) return;
      from = ((event.atMs + 0.001) / 1_000).toFixed(6);
      onEvent(event);
    });
  let current = start();
  const followOn = async (): Promise<CommandResult> => {
    for (;;) {
      const end = await current.ended;
      if (isStopped || end.cancelled || end.timedOut || asking.signal.aborted) return end;
      await wait(AGAIN_AFTER_MS);
      if (isStopped) return end;
      current = start();
    }
  };
  const ended = followOn();
  return {
    ended,
    stop: async () => {
      isStopped = true;
      await current.stop();
    },
  };
}

function eventsCommand(since: string): string[] {
  const types = ["container", "service", "network"].flatMap((type) => ["--filter", `type=${type}`]);
  const actions = TELLING.flatMap((action) => ["--filter", `event=${action}`]);
  return ["events", "--since", since, ...types, ...actions, "--format", "{{json .}}"];
}

/** The event in one line of `docker events`; null for any other line. */
export function parseEvent(line: string): DockerEvent | null {
  const parsed = Line.safeParse(parseJson(line));
  if (!parsed.success) return null;
  const { Type, Action, Actor, timeNano } = parsed.data;
  const attributes = Actor.Attributes ?? {};
  const exitCode = attributes.exitCode;
  return {
    type: Type,
    action: Action,
    id: Actor.ID,
    stack: attributes[STACK_NAMESPACE] ?? null,
    service: attributes["com.docker.swarm.service.name"] ?? null,
    exitCode: exitCode === undefined ? null : Number(exitCode),
    atMs: timeNano / 1e6,
  };
}

/** The daemon's own time, as its commands take it: the clock of another host may differ from ours. */
export async function daemonTime(docker: Docker, asking: Asking): Promise<string> {
  const [time] = await docker.lines(asking, ["info", "--format", "{{.SystemTime}}"]);
  return time ?? "0";
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
