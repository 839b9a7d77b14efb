import { z } from "zod";

/** A live canonical that is down, or not known to be up, whatever its record says. */
export const Down = z.object({
  recipe: z.string(),
  /** The version that should run; null where that is not known. */
  version: z.string().nullable(),
  /** Since when it is not known to be up, ISO 8601; null where nothing says it. */
  since: z.string().nullable(),
  /** How often it was tried to bring it up, and when last. */
  tries: z.number().int(),
  triedAt: z.string().nullable(),
  /** What was found then, on one line. */
  problem: z.string(),
});
export type Down = z.infer<typeof Down>;

/** The command with which a person begins. */
export const MEND_COMMAND = "canonical-sweep roll";

/** What is said of it in one sentence. */
export function downLine({ version, problem }: Pick<Down, "version" | "problem">): string {
  return `the live canonical${version === null ? "" : ` ${version}`} is down: ${problem}`;
}

/** Whether a warning is that sentence: for reports of versions before 0.2, whose rows do not name it. */
export function isDownLine(text: string): boolean {
  return /^the live canonical (\S+ )?is down: /.test(text);
}
