import { createPaint, type Layout } from "../../src/render/paint.ts";
import { type Cell, renderTable } from "../../src/render/table.ts";
import { loadWidths } from "../../src/render/width.ts";
import type { ZooRow } from "./run-zoo.ts";
import { type Compared, compare } from "./verdict.ts";

const TITLES = ["recipe", "", "first week", "second week", "cause", "confidence"];

/**
 * The rows of the zoo: what was said of each recipe and, below it, what should be said. Then what else differs from
 * the table, and how many are as they should be.
 */
export function renderZoo(
  rows: readonly ZooRow[],
  investigated: boolean,
  output: NodeJS.WriteStream,
): string {
  loadWidths();
  const layout: Layout = { width: output.columns ?? 160, paint: createPaint(output.isTTY === true) };
  const compared = rows.map((row) => ({ row, all: compare(row, investigated) }));
  const table = renderTable(
    TITLES,
    compared.flatMap(({ row, all }) => cellsOf(row, all)),
    layout,
  );
  const others = compared.flatMap(({ row, all }) => problemsOf(row, all));
  const right = compared.filter(({ all }) => all.every(({ asExpected }) => asExpected)).length;
  const missing = investigated ? "" : " (the reds were not investigated)";
  return [table, ...others, `${right} of ${rows.length} as they should be${missing}`, ""].join("\n");
}

function cellsOf({ recipe }: ZooRow, all: readonly Compared[]): Cell[][] {
  const shown = TITLES.slice(2).map((what) => all.find((each) => each.what === what));
  const text = (value: string | null | undefined) => value ?? "–";
  return [
    [
      { text: recipe, tone: "strong" },
      all.every(({ asExpected }) => asExpected)
        ? { text: "ok", tone: "good" }
        : { text: "differs", tone: "bad" },
      ...shown.map(
        (each): Cell => ({ text: text(each?.got), tone: each?.asExpected === false ? "bad" : "plain" }),
      ),
    ],
    [
      "",
      { text: "expected", tone: "faint" },
      ...shown.map((each): Cell => ({ text: text(each?.expected), tone: "faint" })),
    ],
  ];
}

function problemsOf({ recipe, detail }: ZooRow, all: readonly Compared[]): string[] {
  const wrong = all.filter(({ asExpected }) => !asExpected);
  if (wrong.length === 0) return [];
  const lines = wrong.map(
    ({ what, got, expected }) =>
      `${recipe}: ${what}: ${got ?? "nothing"}\n  expected ${expected ?? "nothing"}`,
  );
  return [...lines, `  detail: ${detail}`];
}
