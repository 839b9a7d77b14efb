import { EXIT, type ExitCode } from "../core/exit.ts";
import { Fault } from "../fault.ts";
import { visible } from "../render/width.ts";
import { codeOf, remedyOf } from "../state/file-fault.ts";

/** The text for standard error about an error that ended a command, and the exit code. */
export function showError(error: unknown): { text: string; exit: ExitCode } {
  if (error === "SIGINT" || error === "SIGTERM") return showStop(error);
  if (isOfSystem(error)) return { text: systemText(error), exit: EXIT.machinery };
  if (!(error instanceof Fault)) return { text: bugText(error), exit: EXIT.bug };
  const [first = "", ...more] = visible(error.message).split("\n");
  const lines = [
    `canonical-sweep: ${first}`,
    ...more.map((line) => `  ${line}`),
    ...visible(error.nextStep)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => `  → ${line}`),
  ];
  return { text: `${lines.join("\n")}\n`, exit: exitOfFault(error) };
}

// The reason with which a context's signal is aborted, thrown by a command that was not finished.
function showStop(signal: "SIGINT" | "SIGTERM"): { text: string; exit: ExitCode } {
  const exit = signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
  return { text: `canonical-sweep: ended by ${signal}\n`, exit };
}

// Any refusal by the system is machinery: a full disk, a folder that may not be written.
const SYSTEM_CODES: readonly unknown[] = [
  "EACCES",
  "EDQUOT",
  "EIO",
  "EISDIR",
  "ELOOP",
  "EMFILE",
  "ENFILE",
  "ENOSPC",
  "ENOTDIR",
  "EPERM",
  "EROFS",
];

function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error && SYSTEM_CODES.includes(error.code);
}

function systemText(error: NodeJS.ErrnoException): string {
  return `canonical-sweep: ${visible(error.message)}\n  → ${remedyOf(codeOf(error))}\n`;
}

function exitOfFault(fault: Fault): ExitCode {
  switch (fault.code) {
    case "usage":
    case "configuration":
    case "refused":
      return EXIT.usage;
    case "machinery":
      return EXIT.machinery;
    case "locked":
      return EXIT.locked;
  }
}

function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return `canonical-sweep: a bug in this program, please report it with these lines:\n${stack}\n`;
}
