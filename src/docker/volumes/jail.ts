import { Environment } from "../../command/environment.ts";
import { type CommandResult, runCommand } from "../../command/run.ts";
import type { Asking, Step, StepCommand } from "../../command/step.ts";
import type { Toolbox } from "../../command/toolbox.ts";
import { exists } from "../../state/files.ts";
import { demand, firstError, machineryFailure } from "../failure.ts";

/** A folder of this machine as a jail has it. */
export interface Bind {
  /** Absolute. Must not be named by those whose files are in it. */
  from: string;
  /** Below the root of the jail, without a slash at its start: `volume`. */
  at: string;
  writable: boolean;
}

/** One act on the content of folders that belong to an app, which may swap files, folders and links meanwhile. */
export interface JailedWork {
  binds: readonly Bind[];
  /** Declared tools that the script calls, beside bash. */
  tools: readonly string[];
  /** Code of bash; everything that comes from outside is in `words`. Its end is the work's. */
  script: string;
  /** `$1` and the following of the script. */
  words?: readonly string[];
  /** Where it needs more than PATH and the language. */
  environment?: Environment;
}

/** One program of a pipe. */
export interface PipeSide {
  argv: readonly string[];
  shown: string;
  isJail: boolean;
}

/** What makes a jail; the declaration of the tools names these too. */
const MAKERS = ["unshare", "bash", "mount", "cp", "chroot", "ldd"];
/** What every jail has in it. */
const INMATES = ["setpriv", "bash"];
/** How work in a jail ends that failed: every other end but 0 is one of the jail itself. */
export const WORK_FAILED = 90;

/**
 * The root is a small file system in memory over a folder that every Linux has and no volume is below. Before the
 * work begins, nothing else of the host can be reached by any path: a link in a volume leads into the jail, and with
 * `nosymfollow` (Linux 5.10, util-linux 2.38; older ones do without) nowhere. No `/proc`, no devices, no programs of
 * the volume; the root, its tools included, cannot be written to. Each mount is private: the host sees none of it.
 */
const MAKE = `set -euo pipefail
jail=/sys
files=("\${@:2:$1}"); shift $(($1 + 1))
mount -t tmpfs -o mode=0755,nosuid,nodev jail "$jail"
cp -L --parents -- "\${files[@]}" "$jail"
while [[ $1 != -- ]]; do
  safe=$3,nosuid,nodev,noexec,X-mount.mkdir
  mount --bind -o "$safe,nosymfollow" -- "$1" "$jail/$2" 2>/dev/null || mount --bind -o "$safe" -- "$1" "$jail/$2"
  shift 3
done
shift
mount -o remount,ro "$jail"
exec chroot "$jail" setpriv --no-new-privs --inh-caps=-all --bounding-set="$1" "\${@:2}"`;

/** Powers over files, and none else: device nodes are copied as they are, and never opened. */
const POWERS = "-all,+chown,+dac_override,+dac_read_search,+fowner,+fsetid,+mknod,+setfcap";

const WORK = `set -euo pipefail; trap '(($? == 0)) || exit ${WORK_FAILED}' EXIT\n`;

/**
 * Does work where nothing of this machine can be reached but the folders that it names. Throws `ActFailed`: of the
 * work, as `demand` does; machinery where there can be no jail, and then nothing was touched.
 */
export async function inJail(
  tools: Toolbox,
  work: JailedWork,
  step: Step,
  more: Partial<Pick<StepCommand, "capture" | "onOutput">> = {},
): Promise<CommandResult> {
  const [file = "", ...args] = await jailArgv(tools, work, step);
  const env = work.environment ?? Environment.of("jail", tools);
  const result = await step.run({ file, args, cwd: "/", env, shownAs: shownAs(work), ...more });
  return demandJailed(result, step);
}

/** `demand` for a command that a jail is a part of, or all of. */
export function demandJailed(result: CommandResult, step: Step): CommandResult {
  const { ok, exitCode, timedOut, cancelled } = result;
  if (ok || timedOut || cancelled || exitCode === WORK_FAILED) return demand(result, step);
  const said = result.notStarted ?? firstError(`${result.stderr}\n${result.stdout}`) ?? `exit ${exitCode}`;
  throw machineryFailure(
    `a volume is only touched in a mount namespace of its own, and that cannot be made: ${said}. Run as root, with the powers that the units of \`canonical-sweep units\` have`,
  );
}

/** Work in a jail as one side of a pipe. */
export async function jailSide(tools: Toolbox, work: JailedWork, asking: Asking): Promise<PipeSide> {
  return { argv: await jailArgv(tools, work, asking), shown: shownAs(work), isJail: true };
}

async function jailArgv(tools: Toolbox, work: JailedWork, asking: Asking): Promise<string[]> {
  for (const maker of MAKERS) tools.find(maker);
  const files = await filesOf(tools, [...INMATES, ...work.tools], asking);
  // A source is written as `cp` has it: what is in the folder.
  const binds = work.binds.flatMap(({ from, at, writable }) =>
    writable ? [from, at, "rw"] : [`${from}/.`, at, "ro"],
  );
  return [
    ...[tools.find("unshare"), "--mount", "--propagation", "private", tools.find("bash"), "-c", MAKE, "jail"],
    ...[String(files.length), ...files, ...binds, "--", POWERS],
    ...[tools.find("bash"), "-c", `${WORK}${work.script}`, "jail", ...(work.words ?? [])],
  ];
}

/** The work as a person reads it in a log: where the folders of the host are in it, and its script. */
function shownAs({ binds, script, words = [] }: JailedWork): string {
  const places = binds.map(({ from, at, writable }) => `${from} at /${at}${writable ? "" : ", read only"}`);
  return `in a jail (${places.join("; ")}): ${[script, ...words].join(" ")}`;
}

/** By toolbox and tools: the files that were there when they were asked for last. */
const knownFiles = new WeakMap<Toolbox, Map<string, string[]>>();

// An upgrade of the machine's libraries may take one away under a daemon that runs for months.
async function filesOf(tools: Toolbox, names: readonly string[], asking: Asking): Promise<string[]> {
  const known = knownFiles.get(tools) ?? new Map<string, string[]>();
  knownFiles.set(tools, known);
  const key = names.join(" ");
  const before = known.get(key);
  if (before?.every((file) => exists(file))) return before;
  const programs = names.map((name) => tools.find(name));
  const files = [...new Set([...programs, ...(await librariesOf(tools, programs, asking))])];
  known.set(key, files);
  return files;
}

// A program without libraries makes `ldd` fail, which says so on standard error; of the others it says all.
async function librariesOf(tools: Toolbox, programs: readonly string[], asking: Asking): Promise<string[]> {
  const { deadline, signal, clock } = asking;
  const env = Environment.of("jail", tools);
  const command = { file: tools.find("ldd"), args: programs, cwd: "/", env, deadline, signal };
  const { stdout } = await runCommand(command, clock);
  const libraries = [...stdout.matchAll(/(?:^|=>)\s*(\/\S+) \(0x/gm)].map(([, path = ""]) => path);
  const cache = "/etc/ld.so.cache";
  return exists(cache) ? [...libraries, cache] : libraries;
}
