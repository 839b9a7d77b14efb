import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as driverRules from "./driver-names.ts";
import { ALL_RINGS, arrowsOf, roomsOf } from "./folders.ts";
import { linesOf, missingPaths, pathsIn, quotedIn, ROOT, rowsOf } from "./pages.ts";
import { drawMap } from "./picture.ts";
import * as rules from "./rules.ts";
import { readSources, type SourceFile } from "./source.ts";

const PAGE = "docs/architecture.md";
const PICTURE = "docs/images/architecture.svg";
const SOURCES = readSources(join(ROOT, "src"));
const ROOMS = roomsOf(SOURCES).map(({ name }) => name);
const DRAWN = drawMap(SOURCES);

describe("the map in docs/architecture.md is true", () => {
  it("the picture shows the imports of today", () => {
    const isTrue = readFileSync(join(ROOT, PICTURE), "utf8") === DRAWN;
    expect(isTrue, `${PICTURE} is out of date: run \`npm run map\` and look at it`).toBe(true);
  });

  it("the rings are those of the rules", () => {
    const shown = rowsOf(linesOf(PAGE, "## The rings")).map(({ cells: [name, , has = ""] }) => [
      name,
      quotedIn(has),
    ]);
    expect(shown).toEqual(ALL_RINGS.map(({ has, name }) => [name, [...has]]));
  });

  it("every rule has a line", () => {
    const shown = rowsOf(linesOf(PAGE, "## The rules")).map(({ cells: [name = ""] }) => quotedIn(name)[0]);
    const there = Object.entries({ ...rules, ...driverRules }).filter(
      ([, value]) => typeof value === "function",
    );
    expect(shown.sort()).toEqual(there.map(([name]) => name).sort());
  });

  it("one recipe takes ten lines, and each names a file", () => {
    const steps = linesOf(PAGE, "## One recipe in a sweep")
      .map(({ text }) => text)
      .join("\n")
      .split(/^\d+\. /m)
      .slice(1);
    expect(steps).toHaveLength(10);
    expect(steps.filter((step) => !pathsIn(step).some((path) => path.endsWith(".ts")))).toEqual([]);
  });

  it("every folder has one line", () => {
    const shown = rowsOf(linesOf(PAGE, "## The folders")).map(({ cells: [name = ""] }) => quotedIn(name)[0]);
    expect([...shown].sort()).toEqual(ROOMS.map((name) => `src/${name}`).sort());
  });

  it("at least fifteen questions have an answer with a path", () => {
    const answers = rowsOf(linesOf(PAGE, "## Where would I …"));
    expect(answers.length).toBeGreaterThanOrEqual(15);
    expect(answers.filter(({ cells: [, answer = ""] }) => pathsIn(answer).length === 0)).toEqual([]);
  });

  it.each([
    PAGE,
    "CONTRIBUTING.md",
    "docs/terms.md",
    "docs/decisions.md",
    "docs/development.md",
    "docs/releasing.md",
  ])("every path that %s names is there", (page) => {
    expect(missingPaths(page)).toEqual([]);
  });
});

describe("the picture is drawn from the imports", () => {
  const imports = (path: string, ...goals: string[]): SourceFile => ({
    path,
    text: goals.map((goal) => `import type { A } from "../${goal}";\n`).join(""),
  });

  it("an arrow that follows from others is left out", () => {
    const files = [
      imports("cli/a.ts", "sweep/b.ts", "state/c.ts"),
      imports("sweep/b.ts", "state/c.ts"),
      imports("state/c.ts"),
    ];
    expect(arrowsOf(files)).toEqual([
      ["cli", "sweep"],
      ["sweep", "state"],
    ]);
  });

  it("arrows to core and within a folder are left out", () => {
    expect(
      arrowsOf([imports("cli/a.ts", "core/b.ts", "cli/c.ts"), imports("cli/c.ts"), imports("core/b.ts")]),
    ).toEqual([]);
  });

  it("a further import changes the picture", () => {
    const files = [imports("cli/a.ts"), imports("sweep/b.ts"), imports("state/c.ts")];
    const further = [imports("cli/a.ts", "state/c.ts"), ...files.slice(1)];
    expect(drawMap(further)).not.toBe(drawMap(files));
  });

  it("every folder has a box", () => {
    expect(ROOMS.filter((name) => !DRAWN.includes(`>${name}</text>`))).toEqual([]);
  });
});
