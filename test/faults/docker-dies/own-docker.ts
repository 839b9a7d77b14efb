import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { vi } from "vitest";
import { busyboxImage, DOCKER } from "../../support/images.ts";
import { unmountBelow } from "../../support/mounts.ts";

/**
 * A Docker daemon with a swarm of one node that is only this test's, so that it can be killed: with a network
 * namespace, folders and a containerd of its own, beside any other daemon of the machine.
 */
export interface OwnDocker {
  /** `unix://…`. */
  host: string;
  ask(...args: string[]): string;
  /** Sends KILL to the daemon and its containerd, as a lost machine would. */
  kill(): Promise<void>;
  /** Starts it again, and waits until its swarm answers. */
  start(): Promise<void>;
  /** The daemon gives no answer and drops no connection, until `goOn`. */
  hang(): void;
  goOn(): void;
  /** Ends it with all that ran on it, and removes its folder. */
  close(): Promise<void>;
}

const START_LIMIT_MS = 120_000;

export async function startOwnDocker(folder: string): Promise<OwnDocker> {
  mkdirSync(folder, { recursive: true });
  const network = await holdNetwork();
  const socket = join(folder, "docker.sock");
  const host = `unix://${socket}`;
  const tryAsk = (...args: string[]) =>
    spawnSync(DOCKER, ["--host", host, ...args], { encoding: "utf8", timeout: 10_000 });
  const ask = (...args: string[]) =>
    execFileSync(DOCKER, ["--host", host, ...args], { encoding: "utf8" }).trim();
  const pidFiles = ["pid", "exec/containerd/containerd.pid"].map((file) => join(folder, file));
  const pids = () => pidFiles.map(pidIn).filter((pid) => pid !== null);
  const send = (signal: NodeJS.Signals) => {
    for (const pid of pids()) process.kill(pid, signal);
  };
  const start = async (isReady: () => boolean) => {
    const log = openSync(join(folder, "log"), "a");
    const at = (name: string) => join(folder, name);
    const own = ["--data-root", at("data"), "--exec-root", at("exec"), "--pidfile", at("pid")];
    // Where the machine has a containerd of its own, a daemon takes that: there it must not meet another's.
    const name = basename(folder);
    const apart = ["--containerd-namespace", name, "--containerd-plugins-namespace", `${name}-plugins`];
    // Where the tests are interrupted, it ends with the process that started it.
    const ending = ["/usr/bin/setpriv", "--pdeathsig", "TERM"];
    const command = [...ending, "/usr/sbin/dockerd", "--host", host, ...own, ...apart];
    const args = [`--net=/proc/${network.pid}/ns/net`, ...command];
    const daemon = spawn("/usr/bin/nsenter", args, { detached: true, stdio: ["ignore", log, log] });
    daemon.unref();
    await vi.waitUntil(() => daemon.exitCode !== null || isReady(), {
      timeout: START_LIMIT_MS,
      interval: 200,
    });
    if (daemon.exitCode !== null) throw new Error(readFileSync(at("log"), "utf8").slice(-1_000));
  };
  await start(() => tryAsk("info").status === 0);
  ask("swarm", "init", "--advertise-addr", "127.0.0.1");
  loadImage(host, busyboxImage());
  return {
    host,
    ask,
    kill: async () => {
      const killed = pids();
      send("SIGKILL");
      await vi.waitUntil(() => killed.every((pid) => !isAlive(pid)), { timeout: 10_000, interval: 20 });
      // Another process may get these ids, and the next daemon would take it for its own.
      for (const file of pidFiles) rmSync(file, { force: true });
    },
    start: () => start(() => tryAsk("node", "ls").status === 0),
    hang: () => send("SIGSTOP"),
    goOn: () => send("SIGCONT"),
    close: async () => {
      send("SIGCONT");
      if (tryAsk("info").status !== 0) await start(() => tryAsk("info").status === 0);
      // What the swarm runs it would start again: it is left first.
      tryAsk("swarm", "leave", "--force");
      for (const container of tryAsk("ps", "--all", "--quiet").stdout.split("\n").filter(Boolean))
        tryAsk("rm", "--force", container);
      const ended = pids();
      const [daemon] = ended;
      if (daemon !== undefined) process.kill(daemon, "SIGTERM");
      await vi.waitUntil(() => ended.every((pid) => !isAlive(pid)), { timeout: 60_000, interval: 100 });
      network.kill("SIGKILL");
      unmountBelow(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// The namespace lives as long as a process in it: a daemon that is started again finds its networks.
async function holdNetwork() {
  const script = "/bin/busybox ip link set lo up && echo up && exec cat";
  const holder = spawn("/usr/bin/unshare", ["--net", "sh", "-c", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]);
  if (holder.exitCode !== null || holder.pid === undefined)
    throw new Error("no network namespace can be made");
  return holder;
}

function loadImage(host: string, image: string): void {
  const archive = execFileSync(DOCKER, ["save", image], { maxBuffer: 1 << 30 });
  execFileSync(DOCKER, ["--host", host, "load"], { input: archive, stdio: ["pipe", "ignore", "inherit"] });
}

function pidIn(file: string): number | null {
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, "utf8"));
  return pid > 0 && isAlive(pid) ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
