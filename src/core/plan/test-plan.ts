import semver from "semver";
import { parseVersion } from "../version.ts";

/** A test file: `<tier>/<name>` below `tests/`. */
export interface TestFile {
  name: string;
  executable: boolean;
}

export interface TestRuleFacts {
  versions?: string | undefined;
  only?: "ref" | undefined;
  reason: string;
}

export type PlannedTest = { name: string; planned: true } | { name: string; planned: false; reason: string };

/** The tests of a tier that apply to a version: tests outside their range, or for `--ref` only, are not planned. */
export function planTests(
  files: readonly TestFile[],
  rules: Readonly<Record<string, TestRuleFacts>>,
  version: string,
  isRef: boolean,
): PlannedTest[] {
  return files.map((file) => {
    const reason = whyNot(file, rules[file.name], version, isRef);
    return reason === null ? { name: file.name, planned: true } : { name: file.name, planned: false, reason };
  });
}

function whyNot(
  file: TestFile,
  rule: TestRuleFacts | undefined,
  version: string,
  isRef: boolean,
): string | null {
  if (!file.executable) return "not executable";
  if (rule === undefined) return null;
  if (rule.only === "ref" && !isRef) return `only for a ref: ${rule.reason}`;
  if (rule.versions === undefined) return null;
  const parsed = parseVersion(version);
  if ("problem" in parsed) return null;
  if (semver.satisfies(parsed.version.recipe, rule.versions)) return null;
  return `out of its range ${rule.versions}: ${rule.reason}`;
}
