import { join } from "node:path";
import type { CommandRecord, StepSink } from "../command/step.ts";
import { BOUNDS } from "../core/bounds.ts";
import type { Redactor } from "../core/secrets/redactor.ts";
import { oneLine } from "../core/text/one-line.ts";
import type { Clock } from "../log.ts";
import { appendEvidenceLine } from "../state/json-lines.ts";
import { logFile } from "../state/log-file.ts";

/** Characters; the remedy comes last, behind paths that can be long. */
const LONGEST_WARNING = 1000;

/** Files and facts that one recipe's test and promotion leave, on disk and for the brief. */
export interface Evidence {
  folder: string;
  /** Every command in order, without secrets. */
  commands: CommandRecord[];
  warnings: string[];
  /** Notes for the row's detail. */
  notes: string[];
  redactor: Redactor;
  /** The sink of one step: `<step>.log` in the folder. */
  sink(step: string): StepSink;
}

/** Evidence below `folder`; nothing is written before the first step. */
export function createEvidence(folder: string, redactor: Redactor, clock: Clock): Evidence {
  const sizes = new Map<string, number>();
  const evidence: Evidence = {
    folder,
    commands: [],
    warnings: [],
    notes: [],
    redactor,
    sink: (step) => createSink(evidence, step, { sizes, clock }),
  };
  return evidence;
}

/** State shared by the sinks of all steps. */
interface Shared {
  /** Bytes of each log. */
  sizes: Map<string, number>;
  clock: Clock;
}

function createSink(evidence: Evidence, step: string, { sizes, clock }: Shared): StepSink {
  const log = logFile(join(evidence.folder, `${step}.log`));
  const redact = (text: string) => evidence.redactor.redact(text);
  const keep = (kind: string, lines: string[], line: string) => {
    const text = oneLine(redact(line), LONGEST_WARNING);
    addLine(lines, text);
    log.append(`${kind}: ${text}\n`);
  };
  // A command's own output is kept short while it writes; this bounds the sum of many commands.
  const keepWithin = () => sizes.set(step, log.keepWithin(roomFor(step, sizes)));
  return {
    logFile: log.path,
    append: (text) => {
      const lines = redact(text).split("\n");
      const ts = new Date(clock.now()).toISOString();
      log.append(lines.map((line) => `${ts} ${line}\n`).join(""));
      keepWithin();
    },
    warn: (line) => keep("warning", evidence.warnings, line),
    note: (line) => keep("note", evidence.notes, line),
    secret: (value) => evidence.redactor.add(value),
    redactLog: () => {
      log.rewriteNew(redact);
      keepWithin();
    },
    record: (entry) => {
      const kept = { ...entry, command: redact(entry.command) };
      evidence.commands.push(kept);
      appendEvidenceLine(join(evidence.folder, "commands.jsonl"), kept);
    },
  };
}

/** Minimum bytes for a step's log, even if the others have used up the whole budget. */
const LEAST_BYTES = 64 * 1024;

function roomFor(step: string, sizes: ReadonlyMap<string, number>): number {
  const others = [...sizes].reduce((sum, [name, bytes]) => (name === step ? sum : sum + bytes), 0);
  return Math.max(LEAST_BYTES, Math.min(BOUNDS.stepLogBytes, BOUNDS.stepLogsBytes - others));
}

function addLine(lines: string[], text: string): void {
  if (lines.length > BOUNDS.warnings || lines.includes(text)) return;
  lines.push(lines.length < BOUNDS.warnings ? text : "more lines were left out: the logs have them");
}
