import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BOUNDS } from "../../../src/core/bounds.ts";

const MANUAL = readFileSync(join(import.meta.dirname, "../../../docs/guarantees.md"), "utf8");
const UNITS = [
  ["GiB", 1024 ** 3],
  ["MiB", 1024 ** 2],
  ["KiB", 1024],
] as const;

it.each(Object.entries(BOUNDS))("the manual has the bound %s as the program has it, %i", (name, value) => {
  const rows = MANUAL.split("\n").filter((line) => line.startsWith(`| \`${name}\` | `));
  expect(rows.map((row) => row.split(" | ")[2])).toEqual([shown(name, value)]);
});

it("the manual has only bounds of the program", () => {
  const named = [...MANUAL.matchAll(/^\| `(\w+)` \| /gm)].map(([, name = ""]) => name);
  expect(named.filter((name) => !Object.hasOwn(BOUNDS, name))).toEqual([]);
});

function shown(name: string, value: number): string {
  if (!/(Bytes|Characters)$/.test(name)) return value.toLocaleString("en");
  const unit = UNITS.find(([, bytes]) => value % bytes === 0);
  return unit === undefined ? `${value} bytes` : `${value / unit[1]} ${unit[0]}`;
}
