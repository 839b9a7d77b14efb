import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

export interface Line {
  number: number;
  text: string;
}

/** The lines of a page below one heading, up to the next heading; all of them without a heading. */
export function linesOf(page: string, heading?: string): Line[] {
  const lines = readFileSync(join(ROOT, page), "utf8")
    .split("\n")
    .map((text, index) => ({ text, number: index + 1 }));
  if (heading === undefined) return lines;
  const begin = lines.findIndex(({ text }) => text === heading);
  if (begin === -1) throw new Error(`${page} has no heading '${heading}'`);
  const below = lines.slice(begin + 1);
  const end = below.findIndex(({ text }) => /^##? /.test(text));
  return end === -1 ? below : below.slice(0, end);
}

/** The cells of each row of the tables in these lines, without their heads. */
export function rowsOf(lines: readonly Line[]): { number: number; cells: string[] }[] {
  return lines.flatMap(({ number, text }, index) => {
    const isHead = lines[index + 1]?.text.startsWith("| ---") ?? false;
    if (!text.startsWith("| ") || text.startsWith("| ---") || isHead) return [];
    return [
      {
        number,
        cells: text
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      },
    ];
  });
}

/** The words in back-ticks. */
export function quotedIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}

/** The paths of this repository that stand in back-ticks; not those with a pattern in them. */
export function pathsIn(text: string): string[] {
  return quotedIn(text).filter((word) =>
    /^(src|test|docs|bench|release|\.ci|\.gitea)(\/[\w.-]+)+\/?$/.test(word),
  );
}

/** One line for each path of a page that is not there, with the place where the page names it. */
export function missingPaths(page: string): string[] {
  return linesOf(page).flatMap(({ number, text }) =>
    pathsIn(text)
      .filter((path) => !existsSync(join(ROOT, path)))
      .map((path) => `${page}:${number}: ${path} is not there`),
  );
}
