import { expect, it } from "vitest";
import { stackName } from "../../src/core/stack-name.ts";

it.each([
  ["gitea.ci.example.org", "gitea_ci_example_org"],
  ["warm-gitea.ci.example.org", "warm-gitea_ci_example_org"],
  [`${"a".repeat(40)}.example.org`, `${"a".repeat(40)}_exam`],
])("a stack has the name that abra gives it: %s is %s", (domain, name) => {
  expect(stackName(domain)).toBe(name);
  expect(name.length).toBeLessThanOrEqual(45);
});
