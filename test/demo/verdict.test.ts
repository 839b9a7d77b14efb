import { expect, it } from "vitest";
import { labelKind } from "../../src/core/label/label.ts";
import { LABEL_KINDS } from "../../src/core/outcome.ts";
import { SAMPLES, STOPPED_DURING } from "../../src/demo/story.ts";
import { isLabel } from "../../src/demo/verdict.ts";

it("an expected label is met word for word, and one with an open end by how it begins", () => {
  expect(isLabel("SKIP no-new-version", "SKIP no-new-version")).toBe(true);
  expect(isLabel("SKIP no-new-version", "SKIP no-new-version (and more)")).toBe(false);
  expect(isLabel("NOT-RUN (…", "NOT-RUN (stopped)")).toBe(true);
  expect(isLabel("NOT-RUN (…", "BLOCKED (stopped)")).toBe(false);
  expect(isLabel("NOT-RUN (…", null)).toBe(false);
});

it("every label of the contract comes at least once in the demo", () => {
  const labels = SAMPLES.flatMap((sample) => sample.labels);
  expect(new Set(labels.map(labelKind))).toEqual(new Set(LABEL_KINDS));
  for (const reason of ["SKIP no-new-version", "SKIP never-released", "SKIP held"])
    expect(labels.filter((label) => label.startsWith(reason))).not.toEqual([]);
  expect(labels.filter((label) => label.endsWith("; data not proven)"))).not.toEqual([]);
  expect(labels.filter((label) => /^PASS \(promoted [^;]+\)$/.test(label))).not.toEqual([]);
});

it("the samples are in the order in which they are tested, and only those after the stop are not run", () => {
  const names = SAMPLES.map((sample) => sample.recipe);
  expect(names).toEqual([...names].sort());
  const notRun = SAMPLES.filter((sample) => sample.labels[0].startsWith("NOT-RUN")).map(
    (sample) => sample.recipe,
  );
  expect(notRun).toEqual(names.slice(names.indexOf(STOPPED_DURING) + 1));
});
