import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
/** Variables of the system, and those that a test or the benchmark sets and reads itself. */
const NOT_OF_THE_RUNNER =
  /^(PATH|PWD|HOME|TMPDIR|FORCE_COLOR|BENCH_STATUS|SECRET_OF_THE_SHELL|RESTIC_(PASSWORD|REPOSITORY))$/;
/** The programs below `test/programs` get theirs from the test that starts them; the rules of the architecture are planted text. */
const NOT_READERS = /^test\/(programs\/|architecture\.test\.ts$|runner-variables\.test\.ts$)/;

it("docs/development.md has a row for each variable that the tests, the benchmark or CI read, and for no other", () => {
  const text = readFileSync(join(ROOT, "docs/development.md"), "utf8");
  const [, section = ""] = text.split("### Variables of the tests\n");
  const rows = section.split("\n#")[0]?.matchAll(/^\| `([A-Z_]+)`/gm) ?? [];
  expect([...rows].map(([, name]) => name).sort()).toEqual([...readVariables()].sort());
});

function readVariables(): Set<string> {
  const files = globSync(["test/**/*.{ts,mjs}", "bench/**/*.ts", ".ci/run", ".ci/parts/*", "*.config.ts"], {
    cwd: ROOT,
  });
  const names = files
    .filter((file) => !NOT_READERS.test(file))
    .flatMap((file) => variablesIn(readFileSync(join(ROOT, file), "utf8"), file.startsWith(".ci/")));
  return new Set(names.filter((name) => !NOT_OF_THE_RUNNER.test(name)));
}

function variablesIn(text: string, isShell: boolean): string[] {
  if (isShell) return [...text.matchAll(/\$\{?([A-Z][A-Z_]+)/g)].map(([, name = ""]) => name);
  const byName = [...text.matchAll(/process\.env\.([A-Z_]+)/g)].map(([, name = ""]) => name);
  const taken = [...text.matchAll(/\{([^{}]*)\} = process\.env/g)].flatMap(([, names = ""]) =>
    [...names.matchAll(/(?:^|,)\s*([A-Z_]+)/g)].map(([, name = ""]) => name),
  );
  return [...byName, ...taken];
}
