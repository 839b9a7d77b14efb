import { describe, expect, it } from "vitest";
import { Canonical, provenRecord } from "../../src/core/canonical.ts";
import { recordAt } from "./facts.ts";

const FIVE = {
  recipe: "gitea",
  version: "3.5.0+1.23.1",
  commit: "c".repeat(40),
  status: "idle",
  ts: "20260617T050314Z",
};

describe("the record of a canonical", () => {
  it.each([
    ["with only the five fields of other programs", FIVE],
    ["with a time in ISO 8601", { ...FIVE, ts: "2026-06-17T05:03:14.123Z" }],
    ["with a time in another zone", { ...FIVE, ts: "2026-06-17T07:03:14+02:00" }],
    ["of a repository with SHA-256", { ...FIVE, commit: "c".repeat(64) }],
    ["with what a person added", { ...FIVE, note: "looked at by hand" }],
  ])("is read %s, and nothing of it is lost", (_what, record) => {
    expect(Canonical.parse(record)).toEqual(record);
  });

  it.each([
    ["without a version", { ...FIVE, version: undefined }],
    ["with an empty version", { ...FIVE, version: "" }],
    ["with a short commit", { ...FIVE, commit: "cccccccccccc" }],
    ["with a status that nobody knows", { ...FIVE, status: "warm" }],
    ["with a time that is none", { ...FIVE, ts: "last week" }],
    ["with a schema that is no number", { ...FIVE, schema: "1" }],
    ["that is a list", []],
    ["that is null", null],
  ])("%s cannot be read", (_what, record) => {
    expect(Canonical.safeParse(record).success).toBe(false);
  });

  it("counts while it is idle or live, and not once it is revoked", () => {
    expect(provenRecord(recordAt("1.0.0+1"))?.version).toBe("1.0.0+1");
    expect(provenRecord(recordAt("1.0.0+1", { status: "live" }))?.version).toBe("1.0.0+1");
    expect(provenRecord(recordAt("1.0.0+1", { status: "revoked" }))).toBeNull();
    expect(provenRecord({ state: "unreadable", problem: "x" })).toBeNull();
    expect(provenRecord({ state: "absent" })).toBeNull();
  });
});
