import { readDowns } from "../canonical/down.ts";
import { askGroupToEnd } from "../command/process-group.ts";
import type { Config } from "../config/config.ts";
import { parseListen } from "../config/listen.ts";
import { messageOf } from "../fault.ts";
import { whoIsAtWork } from "../report/who-is-at-work.ts";
import type { Context } from "../run/context.ts";
import { createDaemon, type Daemon } from "./daemon.ts";
import { type DaemonRecord, newDaemonRecord, readDaemonRecord, writeDaemonRecord } from "./daemon-record.ts";
import { healthOf, statusLine } from "./health.ts";
import type { Route } from "./http/route.ts";
import type { View } from "./http/routes.ts";
import { openPage, type PageServer } from "./http/server.ts";
import { lastEndedSweep } from "./last-sweep.ts";
import { type SweepChild, sweepInChild } from "./sweep-child.ts";
import { type ServiceManager, serviceManager } from "./systemd.ts";
import { workUnderWay } from "./work.ts";

export interface ServeOptions {
  context: Omit<Context, "progress" | "trigger">;
  env: Readonly<Record<string, string | undefined>>;
  self: SweepChild["self"];
  /** Options for every sweep. */
  sweepOptions: readonly string[];
  /** Reads the configuration on disk; throws a Fault. */
  load(): Config;
  /** Registers a callback for requests to reload the configuration. */
  onReload(reload: () => void): void;
  routes(view: View): Route[];
}

/** Interval of status updates without a watchdog, in milliseconds. */
const STATUS_MS = 30_000;

/**
 * The daemon: fires due sweeps, each in a separate process, and shows its status. Ends with the signal of the context,
 * after the sweep under way. Throws a Fault if it cannot start.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { clock, config, log, signal, state, tools } = options.context;
  const manager = serviceManager(options.env, tools, clock, log);
  const alarm = createAlarm(signal);
  let sweepPid: number | null = null;
  const sweeping = (pid: number | null) => {
    sweepPid = pid;
  };
  const daemon = createDaemon(
    {
      ...{ clock, log, signal, wait: alarm.wait, load: options.load },
      lastSweep: () => lastEndedSweep(state),
      atWork: () => whoIsAtWork(state),
      keep: (record) => writeDaemonRecord(state, record),
      sweep: (current, trigger) =>
        sweepInChild(childOf(options, current, sweeping), current, trigger).finally(() => sweeping(null)),
      down: () => downNow(state, log),
      mend: (current) =>
        sweepInChild(childOf(options, current, sweeping), current, "daemon", "roll").finally(() =>
          sweeping(null),
        ),
    },
    config,
    firstRecord(options),
  );
  const health = () => healthOf(daemon, workUnderWay(state), sweepPid, clock);
  const routes = options.routes({ state, clock, config: () => daemon.config, health });
  const open = (listen: string) => openAt(listen, daemon, routes, options);
  const page = { current: await open(config.listen) };
  const reload = () => reloadInto(daemon, page, open, options, manager).then(alarm.wake);
  let reloads = Promise.resolve();
  options.onReload(() => {
    reloads = reloads.then(reload);
  });
  signal.addEventListener("abort", () => void manager.tell("STOPPING=1"), { once: true });
  log.info(`at ${page.current.url}`);
  await manager.tell("READY=1", `STATUS=${statusLine(health())}`);
  const endTelling = keepTelling(manager, () => health(), log);
  try {
    await daemon.run();
  } finally {
    endTelling();
    page.current.close();
  }
}

// A run at work tries it itself. A failed look is repeated later.
function downNow(state: Context["state"], log: Context["log"]): string[] | null {
  try {
    if (whoIsAtWork(state) !== null) return null;
    return readDowns(state, null).map(({ recipe }) => recipe);
  } catch (error) {
    log.warn(messageOf(error));
    return null;
  }
}

/** Asks the daemon's sweep, which has already been asked to stop, to leave at once. */
export function leaveSweepAtOnce(state: Context["state"]): void {
  const holder = whoIsAtWork(state);
  if (holder !== null) askGroupToEnd(holder.pid);
}

function childOf(
  { context, self, sweepOptions }: ServeOptions,
  config: Config,
  onStart: (pid: number) => void,
): SweepChild {
  const { clock, home, signal } = context;
  return { self, options: sweepOptions, searchPath: config.path.join(":"), home, clock, signal, onStart };
}

// Without a record it goes by the last sweep: anything due since then was missed.
function firstRecord({ context }: ServeOptions): DaemonRecord {
  const { clock, log, state } = context;
  const found = readDaemonRecord(state);
  if (found !== null && !("problem" in found)) return found;
  if (found !== null) log.warn(`${found.problem}: when it was fired last is taken from the last sweep`);
  const record = newDaemonRecord(lastEndedSweep(state) ?? clock.now());
  writeDaemonRecord(state, record);
  return record;
}

function openAt(
  listen: string,
  daemon: Daemon,
  routes: readonly Route[],
  { context }: ServeOptions,
): Promise<PageServer> {
  const address = parseListen(listen);
  if (address === null) throw new Error(`the schema let ${listen} through`);
  const allowedHosts = () => daemon.config.allowedHosts;
  return openPage({ listen: address, allowedHosts, routes, log: context.log });
}

async function reloadInto(
  daemon: Daemon,
  page: { current: PageServer },
  open: (listen: string) => Promise<PageServer>,
  { context, load }: ServeOptions,
  manager: ServiceManager,
): Promise<void> {
  const { log } = context;
  await manager.tell("RELOADING=1");
  try {
    const config = load();
    if (config.state !== daemon.config.state)
      throw new Error("another state folder needs a restart of the daemon");
    if (config.listen !== daemon.config.listen) {
      const opened = await open(config.listen);
      page.current.close();
      page.current = opened;
    }
    daemon.adopt(config);
    log.info("the configuration was read again, and is in force");
  } catch (error) {
    log.error(`the configuration stays as it was: ${messageOf(error)}`);
  }
  await manager.tell("READY=1", `STATUS=${daemon.doing}`);
}

/** Feeds the watchdog while all is well, and reports the status. */
function keepTelling(
  manager: ServiceManager,
  health: () => ReturnType<typeof healthOf>,
  log: Context["log"],
): () => void {
  let told = "";
  const tell = () => {
    const found = health();
    const status = `STATUS=${statusLine(found)}`;
    if (!found.ok && status !== told) log.error(`not well: ${found.problems.join("; ")}`);
    const isNews = status !== told;
    told = status;
    const feed = found.ok && manager.watchdogMs !== null ? ["WATCHDOG=1"] : [];
    if (isNews || feed.length > 0) void manager.tell(...feed, status);
  };
  const timer = setInterval(tell, Math.min(STATUS_MS, (manager.watchdogMs ?? STATUS_MS) / 3));
  return () => clearInterval(timer);
}

interface Alarm {
  /** Waits this many milliseconds, or until `wake` or the signal. */
  wait(milliseconds: number): Promise<void>;
  wake(): void;
}

/** A wait that can be cut short. */
function createAlarm(signal: AbortSignal): Alarm {
  let ring = () => {};
  signal.addEventListener("abort", () => ring());
  return {
    wait: async (milliseconds) => {
      if (signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, milliseconds);
      ring = resolve;
      await promise;
      clearTimeout(timer);
    },
    wake: () => ring(),
  };
}
