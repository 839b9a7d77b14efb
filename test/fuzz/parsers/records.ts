import assert from "node:assert/strict";
import type { z } from "zod";
import { PROMOTION_SCHEMA, PromotionJournal } from "../../../src/canonical/promotion-journal.ts";
import { parseRecord } from "../../../src/canonical/store.ts";
import { CANONICAL_SCHEMA, provenRecord } from "../../../src/core/canonical.ts";
import { sweepDecision } from "../../../src/core/decision/sweep-decision.ts";
import { Report } from "../../../src/core/records/report.ts";
import { ExceptionRecord, holdInForce } from "../../../src/exceptions/store.ts";
import { parseHolder } from "../../../src/lock/lock-holder.ts";
import { parseJson } from "../../../src/state/files.ts";
import { reportWith, rowWith } from "../../support/report.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

const COMMIT = "c".repeat(40);
const FIRST_FIVE = {
  recipe: "gitea",
  version: "1.0.0+1",
  commit: COMMIT,
  status: "idle",
  ts: "20260617T050314Z",
};
const RECORD = {
  schema: CANONICAL_SCHEMA,
  ...FIRST_FIVE,
  ts: "2026-06-17T05:03:14.000Z",
  tagObject: COMMIT,
  run: "20260617T050000Z",
  volumes: [{ name: "gitea_data", bytes: 12 }],
  secrets: ["gitea_db_v1"],
  images: [{ service: "app", digest: `sha256:${"0".repeat(64)}` }],
  sentinel: "planted",
  tests: { "install/answers": "0".repeat(64) },
  environment: "f".repeat(64),
  note: { by: "a person" },
};
const TAG = { name: "2.0.0+1", object: COMMIT, commit: COMMIT };

const JSON_PIECES = [
  '"schema":2,',
  '"schema":"2",',
  '"schema":1e9,',
  '{"',
  '":',
  ",",
  "[]",
  "{}",
  "[",
  "{",
  "null",
  "1.5",
  '"__proto__":{},',
  '"\\ud800"',
];

export const CANONICAL: FuzzedParser = jsonParser(
  "canonical.json",
  [FIRST_FIVE, RECORD],
  ['"revoked"', '"live"', '"keycloak"'],
  (text) => {
    const record = parseRecord("canonical.json", text, "gitea");
    assert.ok(record.state === "read" || record.state === "unreadable", record.state);
    const decision = sweepDecision({
      recipe: "gitea",
      hold: null,
      mirror: { state: "synced", tags: [TAG], askedAt: "2026-06-21T03:00:00.000Z" },
      record,
      broken: {},
      requires: [],
    });
    if (record.state === "unreadable") {
      assert.deepEqual([decision.action, decision.reason], ["BLOCKED", "canonical-unreadable"]);
      assert.match(record.problem, /^canonical\.json/);
      return false;
    }
    const isRevoked = record.record.status === "revoked";
    assert.equal(provenRecord(record) === null, isRevoked);
    assert.equal(decision.reason === "seed", isRevoked);
    assert.equal(record.record.recipe, "gitea");
    assert.ok((record.record.schema ?? 1) <= CANONICAL_SCHEMA);
    assert.deepEqual(parseRecord("canonical.json", JSON.stringify(record.record), "gitea"), record);
    assertNothingLost(text, record.record);
    return true;
  },
);

export const PROMOTION = schemaParser(
  "promotion.json",
  PromotionJournal,
  PROMOTION_SCHEMA,
  [
    {
      schema: PROMOTION_SCHEMA,
      run: "20260617T050000Z",
      recipe: "gitea",
      kind: "advance",
      from: { version: "1.0.0+1", commit: COMMIT },
      to: { version: "2.0.0+1", commit: COMMIT },
      step: "snapshot",
      snapshotComplete: false,
      hadData: true,
      wasLive: false,
      secrets: ["gitea_db_v1"],
      configs: [],
      domain: "warm-gitea.ci.test",
      lane: "main",
      startedAt: "2026-06-17T05:03:14.000Z",
    },
  ],
  ['"seed"', '"record"', '"clear"', "true"],
);

export const EXCEPTIONS = schemaParser(
  "exceptions",
  ExceptionRecord,
  1,
  [
    {
      schema: 1,
      hold: { reason: "known", until: "2026-12-31", owner: "ops", since: "2026-06-17T05:03:14.000Z" },
      acknowledgement: null,
    },
  ],
  ['"until":"9999-99-99"', '"2026-02-31"', "0000-00-00"],
  (record) => {
    const hold = holdInForce(record, 1_781_000_000_000, "Europe/Berlin");
    assert.ok(hold === null || hold === record.hold);
  },
);

export const REPORT = schemaParser(
  "report.json",
  Report,
  1,
  [reportWith([rowWith()])],
  ['"PASS (promoted 1.0.0+1)"', '"passed"', '"RUN"'],
);

const HOLDER = {
  pid: 12,
  started: "345",
  run: "20260617T050000Z",
  command: "sweep",
  since: "2026-06-17T05:03:14.000Z",
};

export const LOCK_HOLDER: FuzzedParser = jsonParser(
  "lock",
  [HOLDER, { ...HOLDER, started: null }],
  [],
  (text) => {
    const holder = parseHolder(text);
    if (holder !== null) assert.deepEqual(parseHolder(JSON.stringify(holder)), holder);
    return holder !== null;
  },
);

function schemaParser<T>(
  name: string,
  schema: z.ZodType<T>,
  newest: number,
  samples: readonly object[],
  pieces: readonly string[],
  assertMore: (value: T) => void = () => {},
): FuzzedParser {
  return jsonParser(name, samples, pieces, (text) => {
    const reading = parseJson(name, text, schema, newest);
    if (reading.state === "unreadable") {
      assert.ok(reading.problem.startsWith(name));
      return false;
    }
    assert.equal(reading.state, "read");
    // As JSON, which has no -0.
    const again = parseJson(name, JSON.stringify(reading.value), schema, newest);
    assert.equal(JSON.stringify(again), JSON.stringify(reading));
    assertMore(reading.value);
    return true;
  });
}

function jsonParser(
  name: string,
  samples: readonly object[],
  pieces: readonly string[],
  accepts: (text: string) => boolean,
): FuzzedParser {
  const texts = samples.flatMap((sample) => [JSON.stringify(sample), `${JSON.stringify(sample, null, 2)}\n`]);
  const grammar = { samples: texts, pieces: [...JSON_PIECES, ...pieces] };
  return { name, inputs: shortInputs(grammar), long: longInputs(grammar), accepts };
}

/** Unknown keys are kept, so that nothing that a person wrote is lost. */
function assertNothingLost(text: string, record: object): void {
  const written = JSON.parse(text) as object;
  for (const key of Object.keys(written))
    assert.ok(key === "__proto__" || Object.hasOwn(record, key), `${key} is lost`);
}
