import { Fault, messageOf } from "../fault.ts";

/** The system's error code; empty for any other error. */
export function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === "string" ? code : "";
}

/** A failed write in terms for people: the file and the remedy. Any other error is a bug and is returned as it is. */
export function writeFault(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === "") return error;
  return new Fault("machinery", `cannot write ${path}: ${messageOf(error)}`, remedyOf(code), {
    cause: error,
  });
}

/** The result of `write`; if that fails, throws the fault that `writeFault` makes of it. */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw writeFault(path, error);
  }
}

/** As `writeFault`, for a file that exists but cannot be read. */
export function readFault(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === "") return error;
  const next =
    code === "EACCES" || code === "EPERM"
      ? "let the user that runs the sweep read it"
      : "look at that path: mend or restore it, or move it away";
  return new Fault("machinery", `cannot read ${path}: ${messageOf(error)}`, next, { cause: error });
}

/** The remedy for an error code of the system. */
export function remedyOf(code: string): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "free some space (or inodes: `df -i`) on that disk, then start again: nothing was half-written";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "make the folder writable for the user that runs the sweep";
    default:
      return "look at that path and the folders above it: mend it, or move it away";
  }
}
