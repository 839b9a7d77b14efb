import assert from "node:assert/strict";
import { labelFor, labelKind } from "../../../src/core/label/label.ts";
import { LABEL_KINDS, type Outcome } from "../../../src/core/outcome.ts";
import { TIERS } from "../../../src/core/tier.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

const GRAMMAR = {
  samples: [
    "SKIP no-new-version",
    "SKIP held (known, until 2026-12-31)",
    "PASS (promoted 1.0.0+1)",
    "PASS (promoted 1.0.0+1; data not proven)",
    "PASS-NOT-PROMOTED (1.0.0+1; by-request: --quick)",
    "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
    "FAIL (red at install; canonical unchanged: none)",
    "BLOCKED (sync-failed)",
    "NOT-RUN (stopped)",
  ],
  pieces: [...LABEL_KINDS, "PASSED", "pass", "-", "1.0.0+1", "; data not proven", "none", ")", "\n"],
};

/** The grammar of the labels that others rely on. */
const LABEL =
  /^(SKIP (no-new-version|never-released|held \(.*, until .*\))|PASS \(promoted .*\)|PASS-NOT-PROMOTED \(.*; .*\)|GREEN-BUT-PROMOTE-FAILED \(canonical=.*, expected .*\)|FAIL \(red at (install|upgrade|backup|restore|custom); canonical unchanged: .*\)|BLOCKED \(.*\)|NOT-RUN \(.*\))$/;

/** Whatever stands in a reason or a version: a label is one line, of its own kind, and names the whole version. */
export const LABELS: FuzzedParser = {
  name: "label",
  inputs: shortInputs(GRAMMAR),
  long: longInputs(GRAMMAR),
  accepts: (text) => {
    const kind = labelKind(text);
    assert.ok(kind === null || new RegExp(`^${kind}(?![A-Z-])`).test(text));
    for (const outcome of outcomesWith(text)) assertLabel(outcome);
    const version = versionIn(text);
    for (const dataProven of [true, false]) {
      const label = labelFor({ kind: "PASS", version, dataProven });
      assert.equal(/^PASS \(promoted (.*?)(; data not proven)?\)$/.exec(label)?.[1], version);
      assert.equal(label.endsWith("; data not proven)"), !dataProven);
    }
    return kind !== null;
  },
};

function assertLabel(outcome: Outcome): void {
  const label = labelFor(outcome);
  assert.equal(labelKind(label), outcome.kind);
  assert.ok([...label].length <= 1000);
  assert.doesNotMatch(label, /[\p{Cc}\p{Cf}\u2028\u2029]|\p{Surrogate}/u);
  if ([...label].length < 1000) assert.match(label, LABEL);
}

function outcomesWith(text: string): Outcome[] {
  const tier = TIERS[text.length % TIERS.length] ?? "install";
  return [
    { kind: "SKIP", reason: "held", hold: { reason: text, until: "2026-12-31" } },
    { kind: "PASS", version: text, dataProven: true },
    { kind: "PASS-NOT-PROMOTED", version: "1.0.0+1", reason: { code: "disk", detail: text } },
    { kind: "GREEN-BUT-PROMOTE-FAILED", canonical: text, expected: text },
    { kind: "FAIL", tier, canonical: text },
    { kind: "BLOCKED", reason: { code: "machinery", detail: text } },
    { kind: "NOT-RUN", reason: { code: "machinery", detail: text } },
  ];
}

/** A version as git could have it for a tag: no blank, no control character, at most 255 bytes. */
function versionIn(text: string): string {
  const letters = text.slice(0, 60).toWellFormed();
  return `1.0.0+${letters.replace(/[\s\p{Cc}\p{Cf}]/gu, "")}x`;
}
