import { describe, expect, it } from "vitest";
import { planTests, type TestRuleFacts } from "../../src/core/plan/test-plan.ts";

const FILE = { name: "upgrade/official-image.sh", executable: true };

function reasonOf(
  rule: TestRuleFacts | undefined,
  version: string,
  isRef = false,
  executable = true,
): string | null {
  const rules = rule === undefined ? {} : { [FILE.name]: rule };
  const [test] = planTests([{ ...FILE, executable }], rules, version, isRef);
  if (test === undefined) throw new Error("the test is gone from the plan");
  return test.planned ? null : test.reason;
}

describe("the plan of a tier's tests", () => {
  const ranged: TestRuleFacts = { versions: ">=0.9.0", reason: "asserts the image of the 0.9 migration" };
  const forRefs: TestRuleFacts = { only: "ref", reason: "belongs to an open pull request" };

  it.each<[string, string | null, string | null]>([
    ["without a rule", reasonOf(undefined, "0.8.0+1"), null],
    ["in its range", reasonOf(ranged, "0.9.0+1"), null],
    [
      "out of its range",
      reasonOf(ranged, "0.8.9+9"),
      "out of its range >=0.9.0: asserts the image of the 0.9 migration",
    ],
    [
      "a range is of the recipe's version, not of the app's",
      reasonOf(ranged, "0.8.0+v1.0.0"),
      expect.any(String),
    ],
    ["in its range with a `v`", reasonOf(ranged, "v1.0.0+1"), null],
    ["for what is no release a range says nothing", reasonOf(ranged, "0123456789ab", true), null],
    [
      "for a ref only, in a sweep",
      reasonOf(forRefs, "1.0.0+1"),
      "only for a ref: belongs to an open pull request",
    ],
    ["for a ref only, for a ref", reasonOf(forRefs, "0123456789ab", true), null],
    [
      "both, out of range for a ref with a version",
      reasonOf({ ...ranged, only: "ref" }, "0.1.0+1", true),
      expect.stringContaining("out of its range"),
    ],
    ["not executable", reasonOf(undefined, "1.0.0+1", false, false), "not executable"],
    [
      "a range that is none lets nothing pass",
      reasonOf({ versions: "newest", reason: "x" }, "1.0.0+1"),
      expect.stringContaining("out of its range"),
    ],
  ])("%s", (_what, reason, expected) => {
    expect(reason).toEqual(expected);
  });

  it("keeps every test, in its order", () => {
    const files = ["custom/b", "custom/a"].map((name) => ({ name, executable: name.endsWith("a") }));
    expect(planTests(files, {}, "1.0.0+1", false).map((test) => test.name)).toEqual(["custom/b", "custom/a"]);
  });
});
