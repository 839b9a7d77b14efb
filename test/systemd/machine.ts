import { type ExecFileSyncOptionsWithStringEncoding, execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, vi } from "vitest";
import { DOCKER, imageExists } from "../support/images.ts";
import { NODE, PROGRAM } from "../support/program.ts";
import { SERVER } from "../support/sample-app.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CACHE = process.env.CANONICAL_SWEEP_CACHE ?? "/var/cache/canonical-sweep";
const ARCHIVE = join(CACHE, "systemd-bookworm.tar");
const IMAGE = "localhost:5000/canonical-sweep-test/systemd:1";
/** Where the clone is in the machine: units see nothing of what is below `/tmp`, wherever the clone is here. */
const CLONE = "/opt/clone";
const missing = whatIsMissing();

/** The Node that runs the program, the program, and the server of the sample app, as the machine has them. */
export const NODE_THERE = there(NODE);
export const PROGRAM_THERE = there(PROGRAM);
export const SERVER_THERE = there(SERVER);

/** Tests under a real systemd; skipped where that cannot be had, except in CI. */
export function describeOnSystemd(name: string, tests: () => void): void {
  if (missing !== null && process.env.CI === "true") throw new Error(`in CI nothing is skipped: ${missing}`);
  describe.skipIf(missing !== null)(missing === null ? name : `${name} (skipped: ${missing})`, tests);
}

/** A container whose first process is systemd, with this clone and a folder of the host in it. */
export interface Machine {
  /** Runs a command and returns what it printed; throws where it fails. */
  run(...words: string[]): string;
  /** Runs a command, however it ends. */
  try(...words: string[]): { exit: number | null; output: string };
  write(path: string, text: string): void;
  /** The program, as its units start it. */
  program(...words: string[]): string;
  /** What systemd says of a unit. */
  show(unit: string, property: string): string;
  close(): void;
}

/**
 * `folder` of the host is `/srv/world` in there; units see no folder of the host below `/tmp`. Further options are those
 * of `docker run`.
 */
export async function startMachine(folder: string, ...more: string[]): Promise<Machine> {
  if (!imageExists(IMAGE)) execFileSync(DOCKER, ["import", ARCHIVE, IMAGE]);
  const capabilities = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"].flatMap((name) => ["--cap-add", name]);
  const places = ["/run", "/run/lock", "/tmp"].flatMap((path) => ["--tmpfs", path]);
  const shared = ["/sys/fs/cgroup:/sys/fs/cgroup:rw", `${ROOT}:${CLONE}:ro`, `${folder}:/srv/world`];
  const options = ["--security-opt", "seccomp=unconfined", "--cgroupns=host", "--env", "container=docker"];
  const volumes = shared.flatMap((volume) => ["--volume", volume]);
  const id = docker([
    ...["run", "--detach", ...capabilities, ...options, ...places, ...volumes, ...more, IMAGE],
    "/lib/systemd/systemd",
  ]);
  const attempt = (words: readonly string[]) => {
    const ended = spawnSync(DOCKER, ["exec", id, ...words], { encoding: "utf8" });
    return { exit: ended.status, output: `${ended.stdout}${ended.stderr}`.trim() };
  };
  const run = (...words: string[]) => docker(["exec", id, ...words]);
  const isUp = () => ["running", "degraded"].includes(attempt(["systemctl", "is-system-running"]).output);
  await vi.waitUntil(isUp, { timeout: 60_000, interval: 200 });
  return {
    run,
    try: (...words) => attempt(words),
    write: (path, text) => {
      docker(["exec", id, "mkdir", "-p", dirname(path)]);
      docker(["exec", "--interactive", id, "sh", "-c", 'cat >"$1"', "sh", path], text);
    },
    program: (...words) => run(NODE_THERE, PROGRAM_THERE, "--config", "/srv/world/config", ...words),
    show: (unit, property) => run("systemctl", "show", "--value", "--property", property, unit),
    close: () => void docker(["rm", "--force", "--volumes", id]),
  };
}

function there(path: string): string {
  return join(CLONE, relative(ROOT, path));
}

function docker(args: readonly string[], input?: string): string {
  const options: ExecFileSyncOptionsWithStringEncoding = { encoding: "utf8", maxBuffer: 1 << 26 };
  return execFileSync(DOCKER, args, { ...options, ...(input === undefined ? {} : { input }) }).trim();
}

function whatIsMissing(): string | null {
  if (spawnSync(DOCKER, ["info"], { stdio: "ignore" }).status !== 0) return "no Docker answers";
  if (imageExists(IMAGE) || existsSync(ARCHIVE)) return null;
  return `${ARCHIVE} is missing: run .ci/parts/systemd install as root`;
}
