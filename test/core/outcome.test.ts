import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Canonical } from "../../src/core/canonical.ts";
import { labelFor } from "../../src/core/label/label.ts";
import { outcomeOf, type TestedFacts } from "../../src/core/label/outcome-of-test.ts";
import type { BlockedCode, Interruption } from "../../src/core/outcome.ts";
import type { PromotionReport } from "../../src/core/records/report.ts";
import { recordAt } from "./facts.ts";

const [V, V0, RUN] = ["3.6.0+1.24.2", "3.5.0+1.23.1", "20260614T030000Z-0a1b2c3d"] as const;
const PROMOTED: PromotionReport = { kind: "advance", from: V0, to: V, result: "promoted", durationMs: 1 };

function record(version: string, more: Partial<Canonical> = {}): Canonical {
  const reading = recordAt(version, more);
  if (reading.state !== "read") throw new Error("no record");
  return reading.record;
}

const STOPPED: Interruption = { kind: "NOT-RUN", reason: { code: "interrupted", detail: "" } };

function blocked(code: BlockedCode, detail: string): Interruption {
  return { kind: "BLOCKED", reason: { code, detail } };
}

function facts(more: Partial<TestedFacts> = {}): TestedFacts {
  return {
    version: V,
    redAt: null,
    interruption: null,
    whyNotPromoted: null,
    promotion: PROMOTED,
    run: RUN,
    after: record(V, { run: RUN, sentinel: "planted" }),
    ...more,
  };
}

describe("a label follows the record that is read back", () => {
  it.each<[string, TestedFacts, string]>([
    ["this run made this version the canonical", facts(), `PASS (promoted ${V})`],
    [
      "a record without a sentinel proves no data",
      facts({ after: record(V, { run: RUN, sentinel: "none" }) }),
      `PASS (promoted ${V}; data not proven)`,
    ],
    [
      "false-pass: the promotion says that it went well, and the record is the old one",
      facts({ after: record(V0, { run: "20260607T030000Z-00000000" }) }),
      `GREEN-BUT-PROMOTE-FAILED (canonical=${V0}, expected ${V})`,
    ],
    [
      "false-pass: the record has the version, but another run wrote it",
      facts({ after: record(V, { run: "20260607T030000Z-00000000" }) }),
      `GREEN-BUT-PROMOTE-FAILED (canonical=${V}, expected ${V})`,
    ],
    [
      "a record that names no run was not written by this one",
      facts({ after: record(V) }),
      `GREEN-BUT-PROMOTE-FAILED (canonical=${V}, expected ${V})`,
    ],
    [
      "there is no record afterwards",
      facts({ after: null }),
      `GREEN-BUT-PROMOTE-FAILED (canonical=none, expected ${V})`,
    ],
    [
      "a refused promotion",
      facts({ promotion: { ...PROMOTED, result: "refused" }, after: record(V0) }),
      `GREEN-BUT-PROMOTE-FAILED (canonical=${V0}, expected ${V})`,
    ],
    [
      "a promotion whose end failed after the record was replaced counts: the record says so",
      facts({ promotion: { ...PROMOTED, result: "rolled-back" } }),
      `PASS (promoted ${V})`,
    ],
    [
      "green, and a condition is not met",
      facts({ promotion: null, whyNotPromoted: { code: "disk", detail: "1.0 GiB free" }, after: record(V0) }),
      `PASS-NOT-PROMOTED (${V}; disk: 1.0 GiB free)`,
    ],
    [
      "green, and nobody knows why there was no promotion",
      facts({ promotion: null, after: record(V, { run: RUN }) }),
      `PASS-NOT-PROMOTED (${V}; not-tried)`,
    ],
    [
      "red",
      facts({ promotion: null, redAt: "restore", after: record(V0) }),
      `FAIL (red at restore; canonical unchanged: ${V0})`,
    ],
    [
      "machinery broke it",
      facts({ interruption: blocked("machinery", "Docker is away"), promotion: null }),
      "BLOCKED (machinery: Docker is away)",
    ],
    [
      "a provider broke it",
      facts({ interruption: blocked("requires", "keycloak: 502"), promotion: null }),
      "BLOCKED (requires: keycloak: 502)",
    ],
    [
      "something that is not ours stood in the way",
      facts({ interruption: blocked("refused", "a stack is there"), promotion: null }),
      "BLOCKED (refused: a stack is there)",
    ],
    [
      "a refusal that names its code keeps it",
      facts({ interruption: blocked("permission", "docker-socket"), promotion: null }),
      "BLOCKED (permission: docker-socket)",
    ],
    ["stopped", facts({ interruption: STOPPED, promotion: null }), "NOT-RUN (interrupted)"],
  ])("%s", (_facts, tested, label) => {
    expect(labelFor(outcomeOf(tested))).toBe(label);
  });

  it("is PASS only if the record names this run and this version, whatever else is claimed", () => {
    const result = fc.constantFrom("promoted" as const, "refused" as const, "rolled-back" as const);
    const any = fc.record<TestedFacts>({
      version: fc.constantFrom(V, V0),
      redAt: fc.option(fc.constantFrom("install" as const, "custom" as const)),
      interruption: fc.option(
        fc.oneof(
          fc.string().map((detail) => blocked("machinery", detail)),
          fc.constant(STOPPED),
        ),
      ),
      whyNotPromoted: fc.option(fc.string().map((detail) => ({ code: "disk" as const, detail }))),
      promotion: fc.option(result.map((each) => ({ ...PROMOTED, result: each }))),
      run: fc.constantFrom(RUN, "another"),
      after: fc.option(
        fc
          .tuple(fc.constantFrom(V, V0), fc.constantFrom(RUN, "another"))
          .map(([at, run]) => record(at, { run })),
      ),
    });
    fc.assert(
      fc.property(any, (tested) => {
        if (outcomeOf(tested).kind !== "PASS") return;
        expect(tested.after?.version).toBe(tested.version);
        expect(tested.after?.run).toBe(tested.run);
        expect([tested.redAt, tested.interruption]).toEqual([null, null]);
      }),
      { numRuns: 2000 },
    );
  });
});
