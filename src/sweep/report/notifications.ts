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

/** All receivers together take no longer, in milliseconds: what does not answer never holds a sweep. */
const LIMIT_MS = 60_000;

/** Tells the monitor that a sweep has begun, beside it; the answer is waited for at the sweep's end. */
export function notifyStart(run: Run): () => Promise<void> {
  const { heartbeat } = run.context.config;
  if (heartbeat === null) return () => Promise.resolve();
  const asked = beat(heartbeat, "start", run.id, limited(run.context.signal));
  return async () => sayProblem(run, "heartbeat", await asked);
}

/** Tells the receivers of a sweep what came of it. What they refuse is said, and changes no label and no exit code. */
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

/** Tells the receivers that no sweep could be made, and why. A sweep that another run held off is no failure. */
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

/** One receiver, and what became of a notice for it: null where it was taken. */
export interface Told {
  receiver: string;
  problem: string | null;
}

/** Sends every receiver a notice that only shows that it arrives. The monitor of the heartbeat hears of sweeps alone. */
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
