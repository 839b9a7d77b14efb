import { Fault, messageOf } from "../fault.ts";

/** The system's word for why it refused; empty for any other error. */
export function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === "string" ? code : "";
}

/** What a failed write is to people: the file, and what to do. Any other error is a bug and stays what it is. */
export function writeFault(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === "") return error;
  return new Fault("machinery", `cannot write ${path}: ${messageOf(error)}`, remedyOf(code), {
    cause: error,
  });
}

/** The same for what is there and cannot be read. */
export function readFault(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === "") return error;
  const next =
    code === "EACCES" || code === "EPERM"
      ? "let the user that runs the sweep read it"
      : "look at what stands there: mend or restore it, or move it away";
  return new Fault("machinery", `cannot read ${path}: ${messageOf(error)}`, next, { cause: error });
}

/** What a person does about what the system refused. */
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
      return "look at what stands there and on the way to it: mend it, or move it away";
  }
}
