import type { z } from "zod";
import { Fault } from "../fault.ts";
import { readJsonLines } from "../state/json-lines.ts";

/** The lines of a run's journal that fit `line`, in their order; others are left out. Throws a Fault where it cannot be read. */
export function readJournal<T>(file: string, line: z.ZodType<T>): T[] {
  return readJsonLines(file).values.flatMap((value) => {
    const parsed = line.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The same where a journal that cannot be read tells no more than one that is empty. */
export function readJournalIfReadable<T>(file: string, line: z.ZodType<T>): T[] {
  try {
    return readJournal(file, line);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [];
  }
}
