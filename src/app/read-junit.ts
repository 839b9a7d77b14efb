import { XMLParser } from "fast-xml-parser";
import { messageOf } from "../fault.ts";
import { readContainedText } from "../state/contained-file.ts";

export interface JunitReading {
  /** `name: message` of each failed or broken case. */
  failures: string[];
  problem: string | null;
}

/** Reads the JUnit XML that a test may have written; null where it wrote none. What cannot be read is said, never taken for green. */
export function readJunit(folder: string, name: string): JunitReading | null {
  try {
    const text = readContainedText(folder, name);
    if (text === null) return null;
    const document: unknown = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: "@",
      processEntities: false,
      isArray: (name) => ["testsuite", "testcase", "failure", "error"].includes(name),
    }).parse(text, true);
    return { failures: failuresIn(document), problem: null };
  } catch (error) {
    return { failures: [], problem: messageOf(error) };
  }
}

function failuresIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(failuresIn);
  if (typeof node !== "object" || node === null) return [];
  const element = node as Record<string, unknown>;
  const cases = asList(element.testcase).flatMap(failureOfCase);
  return [
    ...cases,
    ...asList(element.testsuite).flatMap(failuresIn),
    ...asList(element.testsuites).flatMap(failuresIn),
  ];
}

function failureOfCase(node: unknown): string[] {
  const element = node as Record<string, unknown>;
  const broken = [...asList(element.failure), ...asList(element.error)];
  return broken.slice(0, 1).map((entry) => `${String(element["@name"] ?? "case")}: ${messageIn(entry)}`);
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
