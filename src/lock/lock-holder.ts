import { z } from "zod";
import { isRunning } from "../host/proc.ts";

/** The lock file's description of its holder, for people. */
export const LockHolder = z.object({
  pid: z.number(),
  started: z.string().nullable(),
  run: z.string(),
  command: z.string(),
  since: z.string(),
});
export type LockHolder = z.infer<typeof LockHolder>;

/** The holder named by the text of a lock file; null if it names none. */
export function parseHolder(text: string): LockHolder | null {
  try {
    return LockHolder.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Whether the process named in the lock file lives: its id alone may belong to another by now. */
export function isAlive(holder: LockHolder): boolean {
  return isRunning(holder.pid, holder.started);
}
