import { Environment } from "../../command/environment.ts";
import { type CommandResult, runCommand } from "../../command/run.ts";
import type { Asking, Step, StepCommand } from "../../command/step.ts";
import type { Toolbox } from "../../command/toolbox.ts";
import { exists } from "../../state/files.ts";
import { demand, firstError, machineryFailure } from "../failure.ts";

/** A folder of this machine that the jail can see. */
export interface Bind {
  /** Absolute. Must not be a path that the owners of its files can choose. */
  from: string;
  /** Path below the root of the jail, without a leading slash: `volume`. */
  at: string;
  writable: boolean;
}

/** One act on the content of folders of an app, which may swap files, folders and links meanwhile. */
export interface JailedWork {
  binds: readonly Bind[];
  /** Declared tools that the script calls, besides bash. */
  tools: readonly string[];
  /** Bash code. Everything from outside is in `words`. Its exit is the exit of the work. */
  script: string;
  /** `$1` and following of the script. */
  words?: readonly string[];
  /** Set if it needs more than PATH and the language. */
  environment?: Environment;
}

/** One program of a pipe. */
export interface PipeSide {
  argv: readonly string[];
  shown: string;
  isJail: boolean;
}

/** The tools that build a jail; the tool declaration names them too. */
const MAKERS = ["unshare", "bash", "mount", "cp", "chroot", "ldd"];
/** Tools inside every jail. */
const INMATES = ["setpriv", "bash"];
/** Exit code of failed work in a jail; every other code but 0 comes from the jail itself. */
export const WORK_FAILED = 90;

/**
 * The root is a small file system in memory, mounted over a folder that every Linux has and that holds no volume.
 * Before the work begins, no path leads to anything else of the host: a link in a volume leads into the jail or, with
 * `nosymfollow` (Linux 5.10, util-linux 2.38; older ones do without), nowhere. There is no `/proc`, no device, and no
 * program of the volume; the root, with its tools, is read-only. Each mount is private: the host does not see it.
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

/** Powers over files only: device nodes are copied as they are, and never opened. */
const POWERS = "-all,+chown,+dac_override,+dac_read_search,+fowner,+fsetid,+mknod,+setfcap";

const WORK = `set -euo pipefail; trap '(($? == 0)) || exit ${WORK_FAILED}' EXIT\n`;

/**
 * Does work in a jail where only the given folders of this machine can be reached. Throws `ActFailed`: for failed work,
 * as `demand` does; `machinery` if no jail can be made, and then nothing was touched.
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

/** `demand` for a command that consists of a jail or contains one. */
export function demandJailed(result: CommandResult, step: Step): CommandResult {
  const { ok, exitCode, timedOut, cancelled } = result;
  if (ok || timedOut || cancelled || exitCode === WORK_FAILED) return demand(result, step);
  const said = result.notStarted ?? firstError(`${result.stderr}\n${result.stdout}`) ?? `exit ${exitCode}`;
  throw machineryFailure(
    `a volume is only touched in a mount namespace of its own, and that cannot be made: ${said}. Run as root, with the powers that the units of \`canonical-sweep units\` have`,
  );
}

/** Work in a jail, as one side of a pipe. */
export async function jailSide(tools: Toolbox, work: JailedWork, asking: Asking): Promise<PipeSide> {
  return { argv: await jailArgv(tools, work, asking), shown: shownAs(work), isJail: true };
}

async function jailArgv(tools: Toolbox, work: JailedWork, asking: Asking): Promise<string[]> {
  for (const maker of MAKERS) tools.find(maker);
  const files = await filesOf(tools, [...INMATES, ...work.tools], asking);
  // A source ends in `/.`, as for `cp`: the content of the folder.
  const binds = work.binds.flatMap(({ from, at, writable }) =>
    writable ? [from, at, "rw"] : [`${from}/.`, at, "ro"],
  );
  return [
    ...[tools.find("unshare"), "--mount", "--propagation", "private", tools.find("bash"), "-c", MAKE, "jail"],
    ...[String(files.length), ...files, ...binds, "--", POWERS],
    ...[tools.find("bash"), "-c", `${WORK}${work.script}`, "jail", ...(work.words ?? [])],
  ];
}

/** The work as shown in a log: the host's folders with their places in the jail, and the script. */
function shownAs({ binds, script, words = [] }: JailedWork): string {
  const places = binds.map(({ from, at, writable }) => `${from} at /${at}${writable ? "" : ", read only"}`);
  return `in a jail (${places.join("; ")}): ${[script, ...words].join(" ")}`;
}

/** Files for a jail as last looked up, by toolbox and tools. */
const knownFiles = new WeakMap<Toolbox, Map<string, string[]>>();

// An upgrade of the machine may remove a library under a daemon that runs for months.
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

// For a program without libraries `ldd` fails, with a message on standard error; it still lists all the others.
async function librariesOf(tools: Toolbox, programs: readonly string[], asking: Asking): Promise<string[]> {
  const { deadline, signal, clock } = asking;
  const env = Environment.of("jail", tools);
  const command = { file: tools.find("ldd"), args: programs, cwd: "/", env, deadline, signal };
  const { stdout } = await runCommand(command, clock);
  const libraries = [...stdout.matchAll(/(?:^|=>)\s*(\/\S+) \(0x/gm)].map(([, path = ""]) => path);
  const cache = "/etc/ld.so.cache";
  return exists(cache) ? [...libraries, cache] : libraries;
}
