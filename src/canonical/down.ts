import { z } from "zod";
import { type Canonical, provenRecord, type RecordReading } from "../core/canonical.ts";
import type { Down } from "../core/down.ts";
import { oneLine } from "../core/text/one-line.ts";
import { isThere, type JsonReading, listFolder, readJson, removeFile, writeJson } from "../state/files.ts";
import type { CanonicalPaths, StatePaths } from "../state/paths.ts";
import type { Room } from "../state/room.ts";
import { type PromotionJournal, readJournal } from "./promotion-journal.ts";
import { readRecord } from "./store.ts";

const DOWN_SCHEMA = 1;

/** `down.json`: exists from a failed try to bring a live canonical up until it is seen to answer. */
export const DownNote = z.object({
  schema: z.literal(DOWN_SCHEMA),
  recipe: z.string(),
  version: z.string(),
  since: z.string(),
  /** Number of tries, time and run of the last one, and its findings. */
  tries: z.number().int(),
  triedAt: z.string(),
  run: z.string(),
  problem: z.string(),
});
export type DownNote = z.infer<typeof DownNote>;

/**
 * Notes that a live canonical could not be brought up. If this cannot be written, an unsettled promotion tells the
 * same.
 */
export function noteDown(
  paths: CanonicalPaths,
  found: Pick<DownNote, "recipe" | "version" | "run" | "problem">,
  now: number,
  room: Room | null = null,
): void {
  const at = new Date(now).toISOString();
  const before = readNote(paths);
  const known = before.state === "read" ? before.value : { since: at, tries: 0 };
  const note: DownNote = {
    schema: DOWN_SCHEMA,
    ...found,
    problem: oneLine(found.problem, 600),
    since: known.since,
    tries: known.tries + 1,
    triedAt: at,
  };
  if (room === null) writeJson(paths.down, note);
  else room.writeJson(paths.down, note);
}

/** Removes the note: the canonical was seen to answer at its version, or is no longer live. */
export function forgetDown(paths: CanonicalPaths): void {
  if (isThere(paths.down)) removeFile(paths.down);
}

/**
 * The live canonicals that are not known to be up, whatever their records say: those with an unsettled promotion, and
 * those that could not be brought up. `working` is the current run, whose own promotion is under way.
 */
export function readDowns(state: StatePaths, working: string | null): Down[] {
  return listFolder(state.canonicals).flatMap((recipe) => {
    const paths = state.canonical(recipe);
    if (!isThere(paths.promotion) && !isThere(paths.down)) return [];
    const note = readNote(paths);
    const record = readRecord(paths, recipe);
    const journal = readJournal(paths, recipe);
    if (journal.state === "absent") return ofNote(recipe, note, record);
    if (journal.state === "unreadable") return mayBeLive(record) ? [unknown(recipe, record, journal)] : [];
    const isUnderWay = note.state === "absent" && journal.value.run === working;
    return isUnderWay ? [] : ofJournal(journal.value, note, record);
  });
}

function ofJournal(journal: PromotionJournal, note: JsonReading<DownNote>, reading: RecordReading): Down[] {
  const record = provenRecord(reading);
  const recorded = record?.run === journal.run && record.version === journal.to.version ? record : null;
  const isLive = recorded === null ? journal.wasLive : recorded.status === "live";
  if (!isLive) return [];
  const { recipe, step, to } = journal;
  const version = recorded?.version ?? journal.from?.version ?? null;
  const what = `its ${journal.kind} to ${to.version} is not settled: ${recorded === null ? `it ended at the step ${step}` : "it was recorded"}, and it was not seen to answer since`;
  return [
    { recipe, version, since: journal.startedAt, tries: 0, triedAt: null, problem: what, ...told(note) },
  ];
}

function ofNote(recipe: string, note: JsonReading<DownNote>, record: RecordReading): Down[] {
  if (note.state === "absent" || !mayBeLive(record)) return [];
  return note.state === "read"
    ? [
        {
          recipe,
          version: note.value.version,
          since: note.value.since,
          tries: 0,
          triedAt: null,
          problem: "",
          ...told(note),
        },
      ]
    : [unknown(recipe, record, note)];
}

function told(note: JsonReading<DownNote>): Partial<Down> {
  if (note.state !== "read") return {};
  const { problem, since, tries, triedAt } = note.value;
  return { problem, since, tries, triedAt };
}

function unknown(recipe: string, record: RecordReading, { problem }: { problem: string }): Down {
  const known: Canonical | null = provenRecord(record);
  return {
    recipe,
    version: known?.version ?? null,
    since: null,
    tries: 0,
    triedAt: null,
    problem: `whether it runs is not known: ${problem}`,
  };
}

// An unreadable record may be a live one's.
function mayBeLive(record: RecordReading): boolean {
  return record.state === "unreadable" || provenRecord(record)?.status === "live";
}

function readNote(paths: CanonicalPaths): JsonReading<DownNote> {
  return readJson(paths.down, DownNote, DOWN_SCHEMA);
}
