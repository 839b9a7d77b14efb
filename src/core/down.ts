import { z } from "zod";

/** A live canonical that is down, or not known to be up, whatever its record says. */
export const Down = z.object({
  recipe: z.string(),
  /** The version that should run; null if unknown. */
  version: z.string().nullable(),
  /** Since when it is not known to be up, ISO 8601; null if unknown. */
  since: z.string().nullable(),
  /** Number of tries to bring it up, and time of the last one. */
  tries: z.number().int(),
  triedAt: z.string().nullable(),
  /** Findings of the last try, on one line. */
  problem: z.string(),
});
export type Down = z.infer<typeof Down>;

/** The first command for a person to run. */
export const MEND_COMMAND = "canonical-sweep roll";

/** A sentence about it. */
export function downLine({ version, problem }: Pick<Down, "version" | "problem">): string {
  return `the live canonical${version === null ? "" : ` ${version}`} is down: ${problem}`;
}

/** Whether a warning is such a sentence: for older reports, whose rows do not name it. */
export function isDownLine(text: string): boolean {
  return /^the live canonical (\S+ )?is down: /.test(text);
}
