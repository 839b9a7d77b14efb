import type { BriefFacts } from "../../src/brief/brief.ts";

/** What is gathered for a brief, of a recipe of which nothing ran, unless said otherwise. */
export function briefFactsWith(more: Partial<BriefFacts> = {}): BriefFacts {
  return {
    run: "20260614T030000Z-0a1b2c3d",
    at: "2026-06-14T03:10:00.000Z",
    fingerprint: "71a56fa9477956c6",
    scope: {
      program: "canonical-sweep 0.1.0, Node 24.21.0",
      configuration: "/etc/canonical-sweep",
      state: "/var/lib/canonical-sweep",
      driver: "swarm",
      lane: "main",
    },
    evidence: "/var/lib/canonical-sweep/runs/20260614T030000Z-0a1b2c3d/gitea",
    artefacts: [],
    services: [],
    names: [],
    cause: null,
    commands: [],
    hardFailure: {
      step: null,
      at: null,
      command: null,
      exitCode: null,
      timedOut: false,
      output: [],
      omitted: 0,
      log: null,
      source: null,
    },
    differs: null,
    coldAndWarm: [],
    former: [],
    ruledOut: [],
    reproduction: {
      configuration: "/etc/canonical-sweep",
      state: "/var/lib/canonical-sweep",
      quick: false,
      tiers: [],
      acceptMovedTag: false,
    },
    ...more,
  };
}
