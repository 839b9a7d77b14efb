const QUOTE = "[\"'‘’`]?";
const NAME = "([^\\s:\"'‘’`]+)";
const NO_SUCH_FILE = "No such file or directory";

/** Messages of shells and launchers about a missing program, whatever the exit code became later. */
const SIGNATURES: readonly RegExp[] = [
  // bash, zsh, sudo: `script: line 3: jq: command not found`
  new RegExp(`(?:^|[:\\s])${QUOTE}${NAME}${QUOTE}: command not found\\s*$`, "m"),
  // dash and busybox: `sh: 1: jq: not found`, `script: 4: exec: jq: not found`
  new RegExp(`^[^:\\r\\n\\u2028\\u2029]+: (?:line )?\\d+: (?:exec: )?${NAME}: not found\\s*$`, "m"),
  // busybox without a script: `sh: jq: not found`
  new RegExp(`^(?:\\S*/)?(?:ba|da|a)?sh: ${NAME}: not found\\s*$`, "m"),
  // programs in Go: `exec: "restic": executable file not found in $PATH`
  new RegExp(`exec: ${QUOTE}${NAME}${QUOTE}: executable file not found in`),
  // a first line that names an interpreter
  new RegExp(`: ${NAME}: bad interpreter: ${NO_SUCH_FILE}`),
  new RegExp(`(?:^|[\\s/])env: ${QUOTE}${NAME}${QUOTE}: ${NO_SUCH_FILE}`, "m"),
  // timeout, nohup, nice, stdbuf; setsid, flock, ionice
  new RegExp(`failed to (?:run command|execute) ${QUOTE}${NAME}${QUOTE}: ${NO_SUCH_FILE}`),
  new RegExp(`^xargs: ${QUOTE}${NAME}${QUOTE}: ${NO_SUCH_FILE}`, "m"),
  // programs in Node
  new RegExp(`\\bspawn ${NAME} ENOENT\\b`),
  // programs in Python, if the failing call starts a program
  new RegExp(
    `_execute_child[\\s\\S]{0,400}FileNotFoundError: .{0,80}${NO_SUCH_FILE}: ${QUOTE}${NAME}${QUOTE}`,
  ),
];

const GIT_COMMAND = /^git: '([^']+)' is not a git command/m;

/** Also printed for a data file, so it counts only with the shells' exit code for a missing program. */
const SHELL_WITH_127 = new RegExp(`\\d: ${QUOTE}${NAME}${QUOTE}: ${NO_SUCH_FILE}`);

/**
 * The tool that a command missed, from its output and exit code; null if none was missing. For commands and tests on
 * this machine; for a container, `missingInside` reads the decisive line. An app's "No such file or directory" about a
 * data file is not a missing tool.
 */
export function missingTool(output: string, exitCode: number | null): string | null {
  for (const signature of SIGNATURES) {
    const name = signature.exec(output)?.[1];
    if (name !== undefined) return name;
  }
  const gitCommand = GIT_COMMAND.exec(output)?.[1];
  if (gitCommand !== undefined) return `git-${gitCommand}`;
  if (exitCode !== 127) return null;
  return SHELL_WITH_127.exec(output)?.[1] ?? "a tool that it did not name";
}
