import { DRIVER_NAMES } from "../../src/core/driver-traits.ts";
import { bareCode, codeWithStrings, type SourceFile, type Violation } from "./source.ts";

const TABLE = "core/driver-traits.ts";
const NAME = `["'](?:${DRIVER_NAMES.join("|")})["']`;

/** The ways to ask which driver it is, and the ways to write something down for each. */
const QUESTIONS: readonly { what: string; pattern: RegExp; isList?: true }[] = [
  { what: "a comparison", pattern: new RegExp(`[!=]==?\\s*${NAME}|${NAME}\\s*[!=]==?`) },
  { what: "a case", pattern: new RegExp(`\\bcase\\s+${NAME}`) },
  { what: "a search", pattern: new RegExp(`\\[\\s*${NAME}\\s*,?\\s*\\](?:\\s*as const\\))?\\s*\\.`) },
  { what: "a list", isList: true, pattern: new RegExp(`\\[[^\\][]*${NAME}[^\\][]*${NAME}[^\\][]*\\]`) },
  { what: "a union", pattern: new RegExp(`${NAME}\\s*\\|\\s*${NAME}`) },
  { what: "a row of the table", pattern: new RegExp(`\\bTRAITS\\s*\\.\\s*(?:${DRIVER_NAMES.join("|")})\\b`) },
  { what: "a table", isList: true, pattern: /\bRecord<\s*DriverName\b|\bin DriverName\b/ },
];

/**
 * Outside of `driver/` and the table of traits nobody asks which driver it is. The factory and the forms of the demo
 * are tables with an entry for each.
 */
export function driverNames(files: readonly SourceFile[]): Violation[] {
  const outside = files.filter(({ path }) => path !== TABLE && !path.startsWith("driver/"));
  return outside.flatMap((file) => {
    const mayList = file.path === "run/drivers.ts" || file.path.startsWith("demo/");
    const code = codeWithStrings(file);
    const asked = QUESTIONS.filter(({ isList, pattern }) => !(mayList && isList) && pattern.test(code));
    const ways = asked.map(({ what }) => what);
    if (!mayList && hasEntriesByName(bareCode(file))) ways.push("an object by name");
    return ways.map((way) => `${file.path}: ${way} with a driver's name: ask for a trait (${TABLE})`);
  });
}

/** Whether one object, or one type, has entries for more than one driver. */
function hasEntriesByName(code: string): boolean {
  const key = `(?<=[{,;]\\s*)(?:readonly\\s+)?(${DRIVER_NAMES.join("|")})\\??\\s*[:(]`;
  const open: Set<string>[] = [];
  for (const [token, name] of code.matchAll(new RegExp(`[{}]|${key}`, "g"))) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (name !== undefined) open.at(-1)?.add(name);
    if (open.some((names) => names.size > 1)) return true;
  }
  return false;
}
