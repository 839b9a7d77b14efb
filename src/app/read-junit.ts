import { XMLParser } from "fast-xml-parser";
import { BOUNDS } from "../core/bounds.ts";
import { messageOf } from "../fault.ts";
import { readContainedText } from "../state/contained-file.ts";

export interface JunitReading {
  /** `name: message` of each failed or broken case. */
  failures: string[];
  problem: string | null;
}

/** Reads the JUnit XML of a test; null if it wrote none. An unreadable file is reported, never taken for green. */
export function readJunit(folder: string, name: string): JunitReading | null {
  try {
    const text = readContainedText(folder, name, BOUNDS.junitBytes);
    return text === null ? null : parseJunit(text);
  } catch (error) {
    return { failures: [], problem: messageOf(error) };
  }
}

/** The same for the text of such a file. */
export function parseJunit(text: string): JunitReading {
  try {
    const document: unknown = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: "@",
      processEntities: false,
      maxNestedTags: BOUNDS.junitDepth,
      isArray: (name) => ["testsuite", "testcase", "failure", "error"].includes(name),
    }).parse(text, true);
    const failures = failuresIn(document);
    return {
      failures: fewest(failures),
      problem: failures.length === 0 && namesFailure(text) ? HIDDEN : null,
    };
  } catch (error) {
    return { failures: [], problem: messageOf(error) };
  }
}

const HIDDEN = "it names a failure or an error that cannot be read as one";

function fewest(failures: string[]): string[] {
  const left = failures.length - BOUNDS.junitFailures;
  return left <= 0 ? failures : [...failures.slice(0, BOUNDS.junitFailures), `${left} more`];
}

// The XML reader is lenient: malformed text can hide the rest of the file.
function namesFailure(text: string): boolean {
  return /<(?:failure|error)[\s/>]/.test(withoutUnread(text));
}

const SECTIONS: ReadonlyMap<string, string> = new Map([
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
]);

// Removes comments and CDATA in one pass: a regular expression would search the whole text for each end.
function withoutUnread(text: string): string {
  const parts: string[] = [];
  const unclosed = new Set<string>();
  let from = 0;
  for (const { 0: begin, index } of text.matchAll(/<!--|<!\[CDATA\[/g)) {
    if (index < from || unclosed.has(begin)) continue;
    const closing = SECTIONS.get(begin) ?? "";
    const end = text.indexOf(closing, index + begin.length);
    if (end < 0) {
      unclosed.add(begin);
      continue;
    }
    parts.push(text.slice(from, index));
    from = end + closing.length;
  }
  return `${parts.join("")}${text.slice(from)}`;
}

// At any depth: an unexpected element around a failure does not make it green.
function failuresIn(node: unknown, name = "case"): string[] {
  if (Array.isArray(node)) return node.flatMap((item) => failuresIn(item, name));
  if (typeof node !== "object" || node === null) return [];
  const element = node as Record<string, unknown>;
  const broken = [...asList(element.failure), ...asList(element.error)];
  const own = broken.slice(0, 1).map((entry) => `${name}: ${messageIn(entry)}`);
  const below = Object.entries(element).flatMap(([tag, child]) =>
    tag === "testcase"
      ? asList(child).flatMap((each) => failuresIn(each, nameOf(each)))
      : failuresIn(child, name),
  );
  return [...own, ...below];
}

function nameOf(testcase: unknown): string {
  const name = (testcase as Record<string, unknown> | null)?.["@name"];
  return typeof name === "string" ? name : "case";
}

function messageIn(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) return String(entry ?? "");
  const element = entry as Record<string, unknown>;
  return String(element["@message"] ?? element["#text"] ?? "failed");
}

function asList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
