import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordReading } from "../../src/core/canonical.ts";
import { DECISION_REASONS, type DecisionReason } from "../../src/core/decision/decision.ts";
import type { MirrorFacts, RecipeFacts, RequiredProvider } from "../../src/core/decision/facts.ts";
import { RULES } from "../../src/core/decision/rules.ts";
import { sweepDecision } from "../../src/core/decision/sweep-decision.ts";
import { compareVersions, parseVersion } from "../../src/core/version.ts";
import { factsWith, recordAt, tag } from "./facts.ts";

const [OLD, PROVEN, NEW] = ["1.0.0+1.0.0", "2.0.0+1.0.0", "3.0.0+1.0.0"] as const;
const HOLD = { reason: "upstream is being rewritten", until: "2026-07-01" };
const FAILED: MirrorFacts = { state: "failed", problem: "upstream gave no answer" };
const NO_PROVIDER: RequiredProvider = { recipe: "keycloak", mode: "live", problem: "it has no canonical" };

describe("the table of decisions", () => {
  it.each<[string, RecipeFacts, string, DecisionReason]>([
    ["on hold", factsWith({ hold: HOLD }), "SKIP", "held"],
    ["the sync failed", factsWith({ mirror: FAILED }), "BLOCKED", "sync-failed"],
    [
      "the canonical's tag names another commit",
      factsWith({ tags: [tag(PROVEN, "f".repeat(40))], record: recordAt(PROVEN) }),
      "BLOCKED",
      "tag-moved",
    ],
    [
      "the record cannot be read",
      factsWith({ record: { state: "unreadable", problem: "canonical.json is not JSON" } }),
      "BLOCKED",
      "canonical-unreadable",
    ],
    [
      "volumes without a record",
      factsWith({ record: { state: "orphaned", volumes: ["gitea_data"] } }),
      "BLOCKED",
      "canonical-unreadable",
    ],
    ["no release and no canonical", factsWith({ tags: [tag("latest")] }), "SKIP", "never-released"],
    [
      "the latest is the canonical",
      factsWith({ tags: [tag(PROVEN)], record: recordAt(PROVEN) }),
      "SKIP",
      "no-new-version",
    ],
    [
      "the latest is older",
      factsWith({ tags: [tag(OLD)], record: recordAt(PROVEN) }),
      "SKIP",
      "no-new-version",
    ],
    ["no release is left", factsWith({ tags: [], record: recordAt(PROVEN) }), "SKIP", "no-new-version"],
    ["a provider is missing", factsWith({ requires: [NO_PROVIDER] }), "BLOCKED", "requires"],
    ["no canonical", factsWith(), "RUN", "seed"],
    [
      "a revoked canonical is none",
      factsWith({ record: recordAt(PROVEN, { status: "revoked" }) }),
      "RUN",
      "seed",
    ],
    [
      "the latest is newer",
      factsWith({ tags: [tag(PROVEN), tag(NEW)], record: recordAt(PROVEN) }),
      "RUN",
      "new-release",
    ],
  ])("decides where %s", (_facts, facts, action, reason) => {
    expect(sweepDecision(facts)).toMatchObject({ action, reason });
  });

  it("has a rule for every reason, in the order of judgement", () => {
    expect(RULES).toHaveLength(DECISION_REASONS.length);
  });
});

describe("the decision for every combination of conditions", () => {
  type Latest = "none" | "older" | "same" | "newer";
  type Record = "absent" | "idle" | "live" | "revoked" | "unreadable" | "orphaned";
  interface Case {
    held: boolean;
    failed: boolean;
    moved: boolean;
    latest: Latest;
    record: Record;
    provider: "none" | "fine" | "missing" | "down";
  }

  const cases: Case[] = [];
  for (const held of [false, true])
    for (const failed of [false, true])
      for (const moved of [false, true])
        for (const latest of ["none", "older", "same", "newer"] as const)
          for (const record of ["absent", "idle", "live", "revoked", "unreadable", "orphaned"] as const)
            for (const provider of ["none", "fine", "missing", "down"] as const)
              cases.push({ held, failed, moved, latest, record, provider });

  it(`is that of the first line that applies, and keeps all that apply (${cases.length})`, () => {
    for (const each of cases) {
      const decision = sweepDecision(factsOf(each));
      const reasons = expectedReasons(each);
      expect({ each, reasons: decision.findings.map((finding) => finding.reason) }).toEqual({
        each,
        reasons,
      });
      expect({ each, reason: decision.reason }).toEqual({ each, reason: reasons[0] });
      expect(decision.action).toBe(decision.findings[0]?.action);
    }
  });

  it("has a sentence, says who acts, and names a command where it blocks", () => {
    for (const each of cases)
      for (const finding of sweepDecision(factsOf(each)).findings) {
        expect(finding.detail).toMatch(/\S{2,}.*\s.*\S/);
        expect(["nobody", "operator", "maintainer"]).toContain(finding.whoActs);
        if (finding.action !== "BLOCKED") continue;
        expect(finding.command).toMatch(/^canonical-sweep [a-z]+/);
        expect(finding.whoActs).toBe("operator");
      }
  });

  // Written from the table, not from the rules.
  function expectedReasons({ held, failed, moved, latest, record, provider }: Case): DecisionReason[] {
    const stands = record === "idle" || record === "live";
    const isNone = record === "absent" || record === "revoked";
    const tagIsThere = latest === "same" || latest === "newer";
    const wouldRun = !failed && latest !== "none" && (isNone || (stands && latest === "newer"));
    const applies: [DecisionReason, boolean][] = [
      ["held", held],
      ["sync-failed", failed],
      ["tag-moved", !failed && stands && moved && tagIsThere],
      ["canonical-unreadable", record === "unreadable" || record === "orphaned"],
      ["never-released", !failed && latest === "none" && isNone],
      ["no-new-version", !failed && stands && latest !== "newer"],
      ["requires", wouldRun && (provider === "missing" || provider === "down")],
      ["seed", wouldRun && isNone],
      ["new-release", wouldRun && stands],
    ];
    return applies.filter(([, does]) => does).map(([reason]) => reason);
  }

  function factsOf({ held, failed, moved, latest, record, provider }: Case): RecipeFacts {
    const proven = tag(PROVEN, moved ? "f".repeat(40) : undefined);
    const tags = { none: [tag("latest")], older: [tag(OLD)], same: [proven], newer: [proven, tag(NEW)] }[
      latest
    ];
    const records: { [name in Record]: RecordReading } = {
      absent: { state: "absent" },
      idle: recordAt(PROVEN),
      live: recordAt(PROVEN, { status: "live" }),
      revoked: recordAt(PROVEN, { status: "revoked" }),
      unreadable: { state: "unreadable", problem: "canonical.json is not JSON" },
      orphaned: { state: "orphaned", volumes: ["gitea_data"] },
    };
    const providers: { [name in Case["provider"]]: RequiredProvider[] } = {
      none: [],
      fine: [{ ...NO_PROVIDER, problem: null }],
      missing: [{ ...NO_PROVIDER, problem: null }, NO_PROVIDER],
      down: [{ ...NO_PROVIDER, problem: "it is not healthy: 502", isDown: true }],
    };
    return factsWith({
      tags,
      ...(failed ? { mirror: FAILED } : {}),
      hold: held ? HOLD : null,
      record: records[record],
      requires: providers[provider],
    });
  }
});

describe("the row of a decision", () => {
  it("tells no answer of upstream from no tags", () => {
    expect(sweepDecision(factsWith({ mirror: FAILED })).reason).toBe("sync-failed");
    expect(sweepDecision(factsWith({ tags: [] })).reason).toBe("never-released");
  });

  it("upstream-back: says that upstream went back, and its newest release now", () => {
    const older = sweepDecision(factsWith({ tags: [tag(OLD)], record: recordAt(PROVEN) }));
    expect(older.detail).toBe(
      `upstream went back: it has ${OLD} as its latest release, the canonical is ${PROVEN}`,
    );
    const none = sweepDecision(factsWith({ tags: [], record: recordAt(PROVEN) }));
    expect(none.detail).toContain("upstream went back: it has no release left");
    const broken = factsWith({ tags: [tag(PROVEN)], record: recordAt(PROVEN), broken: { [PROVEN]: "gone" } });
    expect(sweepDecision(broken).detail).toContain("upstream went back");
  });

  it("a moved tag shows both commits and the command that tests it and promotes it anew", () => {
    const moved = sweepDecision(factsWith({ tags: [tag(PROVEN, "f".repeat(40))], record: recordAt(PROVEN) }));
    expect(moved.detail).toContain("f".repeat(40));
    expect(moved.detail).toContain(moved.canonical?.commit);
    expect(moved.command).toBe("canonical-sweep run gitea --accept-moved-tag");
  });

  it("a moved tag is seen where the record of another program names what is no release", () => {
    const foreign = factsWith({ tags: [tag("stable", "f".repeat(40))], record: recordAt("stable") });
    expect(sweepDecision(foreign).reason).toBe("tag-moved");
  });

  it("a tag that was made anew on the same commit has not moved", () => {
    const anew = { ...tag(PROVEN), object: "a".repeat(40) };
    expect(sweepDecision(factsWith({ tags: [anew], record: recordAt(PROVEN) })).reason).toBe(
      "no-new-version",
    );
  });

  it("a provider that is down is brought up, one that was never proven is proven", () => {
    const down = { ...NO_PROVIDER, problem: "it is not healthy: 502", isDown: true };
    expect(sweepDecision(factsWith({ requires: [down] })).command).toBe("canonical-sweep roll");
    expect(sweepDecision(factsWith({ requires: [NO_PROVIDER] })).command).toBe(
      "canonical-sweep run keycloak",
    );
  });

  it("a broken release is never the latest", () => {
    const facts = factsWith({ tags: [tag(PROVEN), tag(NEW)], broken: { [NEW]: "its image is gone" } });
    expect(sweepDecision(facts).latest?.version).toBe(PROVEN);
  });

  it("tags that are no releases are listed with the reason", () => {
    const { notReleases } = sweepDecision(factsWith({ tags: [tag(NEW), tag("v1"), tag("4.0.0-rc1+1.0.0")] }));
    expect(notReleases.map((each) => each.name)).toEqual(["v1", "4.0.0-rc1+1.0.0"]);
  });

  it("keeps the words of others on one line", () => {
    const mirror: MirrorFacts = { state: "failed", problem: "fatal:\n\u001b[31mno\u2028answer\u0007" };
    expect(sweepDecision(factsWith({ mirror })).detail).toBe("fatal: [31mno answer");
  });
});

describe("the decision, for any facts", () => {
  const name = fc.constantFrom(
    OLD,
    PROVEN,
    NEW,
    "3.0.0+1.0.1",
    "3.0.0+1.0.10-rootless",
    "4.0.0-rc1+1",
    "latest",
  );
  const record: fc.Arbitrary<RecordReading> = fc.oneof(
    fc.constant<RecordReading>({ state: "absent" }),
    fc.constant<RecordReading>({ state: "unreadable", problem: "not JSON" }),
    fc.constant<RecordReading>({ state: "orphaned", volumes: ["a"] }),
    fc
      .tuple(name, fc.constantFrom("idle" as const, "live" as const, "revoked" as const))
      .map(([version, status]) => recordAt(version, { status })),
  );
  const anyFacts = fc
    .record({
      names: fc.uniqueArray(name),
      record,
      broken: fc.subarray([OLD, PROVEN, NEW]),
      failed: fc.boolean(),
      held: fc.boolean(),
      requires: fc.subarray([NO_PROVIDER, { ...NO_PROVIDER, problem: null }]),
    })
    .map(({ names, record, broken, failed, held, requires }) =>
      factsWith({
        tags: names.map((each) => tag(each)),
        ...(failed ? { mirror: FAILED } : {}),
        record,
        broken: Object.fromEntries(broken.map((each) => [each, "gone"])),
        hold: held ? HOLD : null,
        requires,
      }),
    );

  const commit = fc.string({
    unit: fc.constantFrom(..."0123456789abcdef"),
    minLength: 40,
    maxLength: 40,
  });

  it("is exactly one answer, made of the table's reasons in their order", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { action, findings, reason } = sweepDecision(facts);
        expect(findings.length).toBeGreaterThan(0);
        expect([findings[0]?.action, findings[0]?.reason]).toEqual([action, reason]);
        const places = findings.map((finding) => DECISION_REASONS.indexOf(finding.reason));
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      }),
      { numRuns: 1000 },
    );
  });

  it("never takes a step back: a release that runs is newer than the canonical, and not broken", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { action, canonical, latest } = sweepDecision(facts);
        if (action !== "RUN") return;
        if (latest === null) throw new Error("a run without a release");
        expect(Object.keys(facts.broken)).not.toContain(latest.version);
        const [target, before] = [parseVersion(latest.version), parseVersion(canonical?.version ?? "")];
        if ("problem" in target) throw new Error("a run of what is no release");
        if (!("problem" in before)) expect(compareVersions(target.version, before.version)).toBe(1);
      }),
      { numRuns: 1000 },
    );
  });

  it("never is to run over a record that it cannot read", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const isKnown = facts.record.state === "read" || facts.record.state === "absent";
        if (!isKnown) expect(sweepDecision(facts).action).not.toBe("RUN");
      }),
    );
  });

  it("run-twice: is a SKIP once the release that ran was promoted", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const first = sweepDecision(facts);
        if (first.action !== "RUN" || first.latest === null) return;
        const record = recordAt(first.latest.version, { commit: first.latest.commit });
        const second = sweepDecision({ ...facts, record });
        expect(second).toMatchObject({ action: "SKIP", reason: "no-new-version", whoActs: "nobody" });
      }),
      { numRuns: 1000 },
    );
  });

  it("untagged-commit: depends on the facts alone, on no time of an answer and no commit of a branch", () => {
    fc.assert(
      fc.property(anyFacts, commit, (facts, main) => {
        const later = { ...facts, branches: { main }, head: main, now: main };
        if (later.mirror.state === "synced")
          later.mirror = { ...later.mirror, askedAt: "2030-01-01T00:00:00.000Z", ...{ main } };
        expect(sweepDecision(later)).toEqual(sweepDecision(facts));
      }),
    );
  });

  it("leaves the facts as they were", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const before = structuredClone(facts);
        sweepDecision(facts);
        expect(facts).toEqual(before);
      }),
    );
  });
});
