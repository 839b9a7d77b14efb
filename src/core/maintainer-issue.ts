import { isOutcome, kindOf } from "./label/label.ts";
import type { LabelKind } from "./outcome.ts";
import type { RecipeReport } from "./records/report.ts";
import { escapeCode } from "./text/escape-markdown.ts";

/** A recipe's issue on the forge. */
export interface MaintainerIssue {
  title: string;
  body: string;
  isOpen: boolean;
}

/** An act on a recipe's issue; `change` includes reopening a closed one. */
export type IssueAct =
  | { act: "nothing" }
  | { act: "open" | "change"; title: string; body: string }
  | { act: "close"; body: string; comment: string };

/** Characters; a forge takes some 64 KiB as an issue's text, and the run's folder has the whole brief. */
const LONGEST_BRIEF = 50_000;

const NEEDS_MAINTAINER: readonly LabelKind[] = ["FAIL", "GREEN-BUT-PROMOTE-FAILED"];
const IS_GREEN: readonly LabelKind[] = ["PASS", "PASS-NOT-PROMOTED"];

/**
 * Decides about a recipe's issue from its row. Red: the issue is open, with today's text. Green, or quiet at the latest
 * release: closed. Anything else changes nothing. An issue that a person closed stays closed until the release or the
 * kind of red changes.
 */
export function issueActOf(
  row: RecipeReport,
  run: string,
  brief: string | null,
  issue: MaintainerIssue | null,
): IssueAct {
  const kind = kindOf(row);
  if (kind === null) return { act: "nothing" };
  if (NEEDS_MAINTAINER.includes(kind)) return redAct(row, run, brief, issue);
  const isGreen = IS_GREEN.includes(kind) || isOutcome(row, "SKIP", "no-new-version");
  if (!isGreen || issue?.isOpen !== true) return { act: "nothing" };
  const comment = `${escapeCode(row.label)} in run ${run}: nothing is asked of a maintainer any more.`;
  return { act: "close", body: `${markOf(row.recipe, "closed")}\n${withoutMark(issue.body)}`, comment };
}

/** Whether an issue is this program's issue for the recipe. */
export function isIssueOf(recipe: string, { body }: Pick<MaintainerIssue, "body">): boolean {
  return body.startsWith(`${MARK}${recipe} `);
}

const MARK = "<!-- canonical-sweep: ";

function redAct(
  row: RecipeReport,
  run: string,
  brief: string | null,
  issue: MaintainerIssue | null,
): IssueAct {
  const mark = markOf(row.recipe, `${row.target?.version ?? "none"} ${kindOf(row)}`);
  const body = `${mark}\n${textOf(row, run, brief)}`;
  const title = titleOf(row);
  if (issue === null) return { act: "open", title, body };
  if (!issue.isOpen && issue.body.startsWith(mark)) return { act: "nothing" };
  const isSame = issue.isOpen && issue.title === title && issue.body === body;
  return isSame ? { act: "nothing" } : { act: "change", title, body };
}

function titleOf(row: RecipeReport): string {
  const { recipe, target } = row;
  const version = target === null ? "" : ` ${target.version}`;
  return kindOf(row) === "FAIL"
    ? `${recipe}${version} is red`
    : `${recipe}${version} is green, but could not be promoted`;
}

function textOf(row: RecipeReport, run: string, brief: string | null): string {
  const detail = brief === null ? row.detail : cut(brief);
  return [
    escapeCode(row.label),
    "",
    withoutMentions(detail.trim()),
    "",
    "---",
    `Kept by canonical-sweep, last in run ${run}: edited after each sweep, closed when a release is green.`,
    "",
  ].join("\n");
}

// A tag may contain the end of a comment: git allows `-->` in its name.
function markOf(recipe: string, about: string): string {
  return `${MARK}${recipe} ${about.replaceAll(/[<>]/g, "?")} -->`;
}

function withoutMark(body: string): string {
  return body.startsWith(MARK) ? body.slice(body.indexOf("\n") + 1) : body;
}

function cut(text: string): string {
  return text.length <= LONGEST_BRIEF
    ? text
    : `${text.slice(0, LONGEST_BRIEF)}\n\n(cut here; the whole brief is in the run's folder)`;
}

// Text from outside must not notify people: a zero-width space after an @ prevents a mention. Code mentions nobody.
function withoutMentions(markdown: string): string {
  return markdown
    .split("\n")
    .map((line) => (line.startsWith("    ") ? line : line.replaceAll(/@(?=\w)/g, "@\u200b")))
    .join("\n");
}
