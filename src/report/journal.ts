import type { z } from "zod";
import { Fault, orFault } from "../fault.ts";
import { readJsonLines } from "../state/json-lines.ts";

/** The lines of a run's journal that fit `line`, in order; others are skipped. Throws a Fault if it cannot be read. */
export function readJournal<T>(file: string, line: z.ZodType<T>): T[] {
  return readJsonLines(file).values.flatMap((value) => {
    const parsed = line.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The same, but an unreadable journal counts as empty. */
export function readJournalIfReadable<T>(file: string, line: z.ZodType<T>): T[] {
  const lines = orFault(() => readJournal(file, line));
  return lines instanceof Fault ? [] : lines;
}
