import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

it.each(globSync(["*.md", "docs/*.md"], { cwd: ROOT }))(
  "every link of %s leads to something that is there",
  (page) => {
    const text = readFileSync(join(ROOT, page), "utf8");
    const goals = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, goal = ""]) => goal);
    const missing = goals.filter((goal) => !/^https?:/.test(goal) && !isThere(page, text, goal));
    expect(missing).toEqual([]);
  },
);

function isThere(page: string, text: string, goal: string): boolean {
  const [path = "", heading] = goal.split("#");
  const file = path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path);
  if (!existsSync(file)) return false;
  return (
    heading === undefined || headingsOf(path === "" ? text : readFileSync(file, "utf8")).includes(heading)
  );
}

/** The anchors of a page, as forges make them of its headings. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
