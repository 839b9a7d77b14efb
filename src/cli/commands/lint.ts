import { resolve } from "node:path";
import { EXIT } from "../../core/exit.ts";
import { type LintReport, lintRecipes } from "../../lint/lint.ts";
import { sarifOf } from "../../lint/sarif.ts";
import { shownUpstream } from "../../mirror/refs-cache.ts";
import { renderLint } from "../../render/lint.ts";
import { createPaint, type Layout } from "../../render/paint.ts";
import { renderParagraph } from "../../render/paragraph.ts";
import { visibleJson } from "../../render/visible-json.ts";
import { configuredRecipe } from "../../run/configured-recipe.ts";
import type { Context } from "../../run/context.ts";
import { writeWhole } from "../../state/files.ts";
import { withContext } from "../context.ts";
import { type Invocation, listArgument, listOption, textOption } from "../invocation.ts";
import { printResult } from "../print.ts";
import { configuredRecipes } from "../recipes.ts";
import { layoutFor } from "../terminal.ts";

export const LINT_SCHEMA = 1;

/** `lint [RECIPE…]`. */
export async function runLint(invocation: Invocation): Promise<number> {
  const sync = invocation.options.sync !== false;
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const recipes = configuredRecipes(context.config, listArgument(invocation, 0));
    const report = await lintRecipes(context, { recipes, sync });
    reporting.close();
    context.signal.throwIfAborted();
    print(invocation, context, report);
    const isBad = report.rows.some(
      ({ problem, findings }) => problem !== null || findings.some(({ level }) => level === "error"),
    );
    return isBad ? EXIT.findings : EXIT.ok;
  });
}

/** A file is neither wrapped nor coloured. */
const PLAIN: Layout = { width: 100_000, paint: createPaint(false) };

function print(invocation: Invocation, context: Context, report: LintReport): void {
  const { stdout, cwd, env } = invocation.surroundings;
  const file = textOption(invocation, "output");
  if (file === null) {
    stdout.write(format(invocation, context, report, layoutFor(stdout, env)));
    return;
  }
  const path = resolve(cwd, file);
  writeWhole(path, format(invocation, context, report, PLAIN));
  printResult(invocation, { schema: LINT_SCHEMA, file: path }, (layout) =>
    renderParagraph(`written: ${path}`, layout),
  );
}

function format(invocation: Invocation, context: Context, report: LintReport, layout: Layout): string {
  const wanted = listOption(invocation, "format").at(-1) ?? (invocation.global.json ? "json" : "text");
  if (wanted === "text") return renderLint(report, layout);
  const document = wanted === "json" ? { schema: LINT_SCHEMA, ...report } : sarif(context, report);
  return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
}

function sarif(context: Context, { rows }: LintReport): unknown {
  const linted = rows.map((row) => {
    const { folder, upstream } = configuredRecipe(context, row.recipe);
    return { ...row, folder, upstream: shownUpstream(upstream) };
  });
  return sarifOf(linted, context.program);
}
