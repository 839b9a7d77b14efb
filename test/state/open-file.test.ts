import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openForAppend } from "../../src/state/open-file.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const KEPT = 256 * 1024;
const LINES = Array.from({ length: 200_000 }, (_, index) => `line ${index}`);

test("a file that is written to for ever keeps its first and last whole lines, and its old content", () => {
  const path = join(temporaryFolder("log"), "install.log");
  writeFileSync(path, "before\n");
  const file = openForAppend(path);
  const isWhole = file.isWithin(KEPT);
  for (let from = 0; from < LINES.length; from += 50_000) {
    appendFileSync(path, `${LINES.slice(from, from + 50_000).join("\n")}\n`);
    file.keepShort(KEPT);
  }
  const [text, last] = [readFileSync(path, "utf8"), file.readNew(1_000)];
  const isWholeAfter = file.isWithin(KEPT);
  file.close();
  expect(text.length).toBeLessThan(2.1 * KEPT);
  const lines = text.split("\n").filter((line) => line !== "");
  expect(lines.slice(0, 3)).toEqual(["before", "line 0", "line 1"]);
  expect(lines.filter((line) => !/^(before|line \d+)$/.test(line))).toEqual([
    expect.stringMatching(/^… \d+ MiB of output were left out here …$/),
  ]);
  expect(last.endsWith("line 199998\nline 199999\n")).toBe(true);
  expect([isWhole, isWholeAfter]).toEqual([true, false]);
});

test("a short file stays as it is", () => {
  const path = join(temporaryFolder("log"), "install.log");
  const file = openForAppend(path);
  appendFileSync(path, "a\nb\n");
  file.keepShort(KEPT);
  file.close();
  expect(readFileSync(path, "utf8")).toBe("a\nb\n");
});
