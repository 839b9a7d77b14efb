import assert from "node:assert/strict";
import { HistoryEntry } from "../../../src/canonical/store.ts";
import { parseJsonLines } from "../../../src/state/json-lines.ts";
import { lastLineOf } from "../../../src/state/last-line.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

const EVENT = {
  ts: "2026-06-17T05:03:14.000Z",
  run: "20260617T050000Z",
  event: "started",
  recipe: "gitea",
  version: "1.0.0+1",
};
const SEED = {
  ts: "2026-06-17T05:03:14.000Z",
  event: "seed",
  from: null,
  to: "1.0.0+1",
  run: "20260617T050000Z",
};
const LINES = [EVENT, { ...EVENT, event: "labelled", label: "PASS (promoted é)" }, SEED].map((value) =>
  JSON.stringify(value),
);
const GRAMMAR = {
  samples: [`${LINES.join("\n")}\n`, LINES.join("\n"), LINES.join("\n").slice(0, -20), `${LINES[2]}\n`],
  pieces: [...LINES, "{}", "{", "}", "1", '"', "\n\n", "\r"],
};
const NEXT = { event: "next" };

/** `journal.jsonl` and `history.jsonl`, and what becomes of a last line that a kill cut short. */
export const JOURNAL_LINES: FuzzedParser = {
  name: "journal lines",
  inputs: shortInputs(GRAMMAR),
  long: longInputs(GRAMMAR),
  accepts: (characters) => {
    // As a file has it: bytes hold no half characters.
    const text = characters.toWellFormed();
    const { values, torn } = parseJsonLines(text);
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    assert.equal(values.length + torn, lines.length);
    for (const value of values) HistoryEntry.safeParse(value);
    // JSON has no Infinity, which a number that is too large becomes.
    const again = parseJsonLines(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
    assert.equal(JSON.stringify(again), JSON.stringify({ values, torn: 0, isLastTorn: false }));
    assertMended(text, values);
    return torn === 0 && values.length > 0;
  },
};

/** Another line can follow: nothing that was whole is lost, and nothing is glued to what was torn. */
function assertMended(text: string, values: readonly unknown[]): void {
  const bytes = Buffer.from(text);
  const { kept, missing } = lastLineOf(bytes);
  const mended = `${bytes.subarray(0, kept).toString("utf8")}${missing}${JSON.stringify(NEXT)}\n`;
  assert.deepEqual(parseJsonLines(mended).values, [...values, NEXT]);
}
