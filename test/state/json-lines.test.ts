import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appendJsonLine, readJsonLines } from "../../src/state/json-lines.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function fileWith(text: string): string {
  const path = join(temporaryFolder("lines"), "history.jsonl");
  writeFileSync(path, text);
  return path;
}

test("a torn last line is ignored, and gone with the next line that is appended", () => {
  const path = fileWith('{"a":1}\n{"b":');
  expect(readJsonLines(path).values).toEqual([{ a: 1 }]);
  appendJsonLine(path, { c: 3 });
  expect(readFileSync(path, "utf8")).toBe('{"a":1}\n{"c":3}\n');
});

test("a last line that is whole and lacks only its end is kept", () => {
  const path = fileWith('{"a":1}\n{"b":2}');
  appendJsonLine(path, { c: 3 });
  expect(readFileSync(path, "utf8")).toBe('{"a":1}\n{"b":2}\n{"c":3}\n');
});

test("a file of nothing but a torn line begins anew", () => {
  const path = fileWith('{"a"');
  appendJsonLine(path, { c: 3 });
  expect(readFileSync(path, "utf8")).toBe('{"c":3}\n');
});
