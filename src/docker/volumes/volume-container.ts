import type { Step } from "../../command/step.ts";
import type { Toolbox } from "../../command/toolbox.ts";
import type { Docker } from "../docker.ts";
import { demand } from "../failure.ts";
import { type Labels, labelOptions } from "../labels.ts";
import { demandJailed, type PipeSide, WORK_FAILED } from "./jail.ts";

/** Everything that copying volumes needs. */
export interface VolumeTools {
  docker: Docker;
  tools: Toolbox;
  /** An image with GNU cp and tar, for daemons on other machines. */
  helper: string;
  /** The labels of helper containers, which mark them as ours. */
  labels: Labels;
}

// Powers over files only, no network, and nothing writable but the volumes: as in a jail.
const POWERS = ["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "MKNOD", "SETFCAP"];
const ALONE = [
  ...["--network", "none", "--read-only", "--security-opt", "no-new-privileges", "--cap-drop", "ALL"],
  ...POWERS.flatMap((power) => ["--cap-add", power]),
];

/** Runs a command in a container that sees only these volumes. */
export async function inContainer(
  use: VolumeTools,
  volumes: readonly string[],
  command: readonly string[],
  step: Step,
  capture = false,
) {
  return demand(await use.docker.act(step, containerArguments(use, volumes, command), { capture }), step);
}

function containerArguments(
  use: VolumeTools,
  volumes: readonly string[],
  command: readonly string[],
): string[] {
  const mounts = volumes.flatMap((volume) => ["--volume", volume]);
  const [program = "", ...args] = command;
  const options = ["--rm", "--interactive", ...ALONE, ...labelOptions(use.labels), ...mounts];
  return ["run", ...options, "--entrypoint", program, "--", use.helper, ...args];
}

/** The same command as one side of a pipe. */
export function containerSide(
  use: VolumeTools,
  volumes: readonly string[],
  command: readonly string[],
): PipeSide {
  const { file, args } = use.docker.argv(containerArguments(use, volumes, command));
  const argv = [file, ...args];
  return { argv, shown: argv.join(" "), isJail: false };
}

/** Runs two programs with a pipe between them, one of them in a jail; words are arguments, never code. */
export async function pipe(use: VolumeTools, from: PipeSide, to: PipeSide, step: Step): Promise<void> {
  const script = `n=$1 jail=$2; shift 2; "\${@:1:n}" | "\${@:n+1}"; ends=("\${PIPESTATUS[@]}")
end=\${ends[jail]}; ((end == 0 && ends[1 - jail] != 0)) && end=${WORK_FAILED}; exit "$end"`;
  const counts = [from.argv.length, from.isJail ? 0 : 1].map(String);
  const args = ["-c", script, "bash", ...counts, ...from.argv, ...to.argv];
  const { env } = use.docker.argv([]);
  const shownAs = `${from.shown} | ${to.shown}`;
  demandJailed(await step.run({ file: use.tools.find("bash"), args, cwd: "/", env, shownAs }), step);
}
