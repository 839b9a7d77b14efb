import {
  faultNotice,
  heartbeatOf,
  isToBeTold,
  type Notice,
  noticeOf,
  testNotice,
} from "../../core/notice.ts";
import type { Report } from "../../core/records/report.ts";
import { nextCommand } from "../../core/view/next-command.ts";
import { Fault } from "../../fault.ts";
import { beat, notify } from "../../notify/receivers.ts";
import { shownReceiver } from "../../notify/send.ts";
import type { Context } from "../../run/context.ts";
import type { OpenRun } from "../../run/open-run.ts";
import type { Run } from "../../run/run.ts";

/** Limit for all receivers together, in milliseconds: a silent one never delays a sweep for longer. */
const LIMIT_MS = 60_000;

/** Tells the monitor in the background that a sweep has begun; the answer is awaited at the sweep's end. */
export function notifyStart(run: Run): () => Promise<void> {
  const { heartbeat } = run.context.config;
  if (heartbeat === null) return () => Promise.resolve();
  const asked = beat(heartbeat, "start", run.id, limited(run.context.signal));
  return async () => sayProblem(run, "heartbeat", await asked);
}

/** Notifies the receivers of a sweep's result. Refusals are reported, and change no label and no exit code. */
export async function notifyEnd({ run, last }: Pick<OpenRun, "run" | "last">, report: Report): Promise<void> {
  const { config, signal } = run.context;
  const limit = limited(signal);
  const notice = noticeOf(report, (row) => nextCommand(row, report.run));
  const told = config.notify.map(async (webhook) => {
    if (!isToBeTold(webhook.on, report, last === null)) return;
    sayProblem(run, "notify", await notify(webhook, notice, limit));
  });
  const { heartbeat } = config;
  const beats = heartbeatOf(report);
  if (heartbeat !== null && beats !== null)
    told.push(
      beat(heartbeat, beats, notice.text, limit).then((problem) => sayProblem(run, "heartbeat", problem)),
    );
  await Promise.all(told);
}

/** Notifies the receivers that no sweep was possible, and why. A sweep held off by another run is not a failure. */
export async function notifyFault({ config, log, signal }: Context, error: unknown): Promise<void> {
  if (!(error instanceof Fault) || error.code === "locked" || signal.aborted) return;
  const limit = limited(signal);
  const notice = faultNotice(error.message, error.nextStep);
  const { heartbeat } = config;
  const asked = [
    ...config.notify.map((webhook) => notify(webhook, notice, limit)),
    ...(heartbeat === null ? [] : [beat(heartbeat, "failure", notice.text, limit)]),
  ];
  for (const problem of await Promise.all(asked)) if (problem !== null) log.warn({ problem }, "notify");
}

/** One receiver, and the result of its notice: null if it was accepted. */
export interface Told {
  receiver: string;
  problem: string | null;
}

/** Sends every receiver a test notice. The heartbeat's monitor hears only of sweeps. */
export async function notifyTest({ clock, config, signal }: Context): Promise<Told[]> {
  const notice: Notice = testNotice(`test-${clock.now()}`);
  const limit = limited(signal);
  return Promise.all(
    config.notify.map(async (webhook) => ({
      receiver: shownReceiver(webhook.url),
      problem: await notify(webhook, notice, limit),
    })),
  );
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
}

function sayProblem(run: Run, what: string, problem: string | null): void {
  if (problem === null) return;
  const text = run.redactor.redact(`${what}: ${problem}`);
  run.note("not-told", { problem: text });
  run.context.progress({ kind: "note", text });
}
