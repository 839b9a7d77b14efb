import { join } from "node:path";
import { z } from "zod";
import type { KeptFiles } from "../core/app.ts";
import { CANONICAL_SCHEMA, Canonical, type RecordReading } from "../core/canonical.ts";
import { Fault, messageOf } from "../fault.ts";
import {
  isThere,
  type JsonReading,
  listFolder,
  parseJson,
  readJson,
  readTextIfAny,
  writeJson,
  writeWhole,
} from "../state/files.ts";
import { removeForGood } from "../state/folders.ts";
import { appendJsonLine, readJsonLines } from "../state/json-lines.ts";
import type { CanonicalPaths } from "../state/paths.ts";

/** A recipe's canonical as read from disk. A record of another recipe in its place is unreadable too. */
export function readRecord(paths: CanonicalPaths, recipe: string): RecordReading {
  return recordOf(readJson(paths.record, Canonical, CANONICAL_SCHEMA), paths.record, recipe);
}

/** The same for the text of a record in the file `path`: it is never `absent`. */
export function parseRecord(path: string, text: string, recipe: string): RecordReading {
  return recordOf(parseJson(path, text, Canonical, CANONICAL_SCHEMA), path, recipe);
}

function recordOf(reading: JsonReading<Canonical>, path: string, recipe: string): RecordReading {
  if (reading.state !== "read") return reading;
  if (reading.value.recipe !== recipe)
    return { state: "unreadable", problem: `${path} is the record of ${reading.value.recipe}` };
  return { state: "read", record: reading.value };
}

/** Replaces the record whole. */
export function writeRecord(paths: CanonicalPaths, record: Canonical): void {
  writeJson(paths.record, { schema: CANONICAL_SCHEMA, ...record });
}

/** One line of `history.jsonl`: an event of a canonical, never changed afterwards. */
export const HistoryEntry = z.looseObject({
  ts: z.string(),
  event: z.enum(["seed", "advance", "refused", "rolled-back", "revoked", "adopted", "discarded"]),
  from: z.string().nullable(),
  to: z.string().nullable(),
  run: z.string().nullable(),
  reason: z.string().optional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export function appendHistory(paths: CanonicalPaths, entry: HistoryEntry): void {
  appendJsonLine(paths.history, entry);
}

/** The same, unless this run already has such a line: an interrupted step can be repeated. */
export function appendHistoryOnce(paths: CanonicalPaths, entry: HistoryEntry): void {
  const isSame = ({ run, event, to }: HistoryEntry) =>
    run === entry.run && event === entry.event && to === entry.to;
  if (!inspectHistory(paths).entries.some(isSame)) appendHistory(paths, entry);
}

/**
 * The history of a canonical, oldest first, and why some of it could not be read. A torn last line, which every reader
 * skips, is not a problem.
 */
export function inspectHistory(paths: CanonicalPaths): { entries: HistoryEntry[]; problem: string | null } {
  const { values, torn, isLastTorn } = readJsonLines(paths.history);
  const entries = values.flatMap((value) => {
    const parsed = HistoryEntry.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
  const strange = values.length - entries.length + torn - (isLastTorn ? 1 : 0);
  const problem = strange === 0 ? null : `${paths.history}: ${strange} lines are not lines of a history`;
  return { entries, problem };
}

const SecretValues = z.record(z.string(), z.string());

/** The `.env` and the generated secrets of a canonical. Throws a Fault if they cannot be read. */
export function readKept(folder: string): KeptFiles | null {
  if (!isThere(folder)) return null;
  listFolder(folder);
  const secrets = readJson(join(folder, "secrets.json"), SecretValues);
  if (secrets.state === "unreadable") throw unreadableKept(secrets.problem);
  const env = readTextIfAny(join(folder, ".env"));
  if (env !== null && NO_TEXT.test(env)) throw unreadableKept(`${join(folder, ".env")} is no text`);
  return { env, secrets: secrets.state === "read" ? secrets.value : {} };
}

/** Why the kept files of a canonical cannot be read; null if they can, or if nothing is kept. */
export function keptProblem(folder: string): string | null {
  try {
    readKept(folder);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

// Marks of a file damaged by a loss of power, or of one that is not UTF-8.
const NO_TEXT = /[\0\uFFFD]/;

function unreadableKept(problem: string): Fault {
  return new Fault(
    "machinery",
    problem,
    "mend or restore the file: without it the data cannot be opened again",
  );
}

/** Keeps the `.env` and the generated secrets, readable by their owner only; null removes them. */
export function writeKept(folder: string, kept: KeptFiles | null): void {
  if (kept === null) {
    removeForGood(folder);
    return;
  }
  writeJson(join(folder, "secrets.json"), kept.secrets, 0o600);
  if (kept.env === null) removeForGood(join(folder, ".env"));
  else writeWhole(join(folder, ".env"), kept.env, 0o600);
}
