import type { Finding } from "../audit/finding.ts";
import type { Layout } from "./paint.ts";
import { renderCommand, renderHeading, renderParagraph } from "./paragraph.ts";
import { renderNotes } from "./plan.ts";

export interface AuditView {
  canonicals: readonly { recipe: string; version: string }[];
  runs: number;
  findings: readonly Finding[];
  notes: readonly string[];
}

/** Findings for people: the sum, then each recipe with findings, and last those about no recipe. */
export function renderAudit({ canonicals, runs, findings, notes }: AuditView, layout: Layout): string {
  const recipes = [...new Set(findings.map(({ recipe }) => recipe))];
  return [
    renderParagraph(summaryOf(canonicals.length, runs, findings), layout),
    ...recipes.map((recipe) => {
      const version = canonicals.find((entry) => entry.recipe === recipe)?.version;
      const heading = recipe === null ? "Runs and surroundings" : [recipe, version ?? ""].join(" ").trim();
      const own = findings.filter((finding) => finding.recipe === recipe);
      return renderHeading(heading, layout) + own.map((finding) => renderFinding(finding, layout)).join("");
    }),
    findings.length === 0
      ? ""
      : `\n${renderParagraph("docs/audit.md explains each finding and its remedy", layout)}`,
    renderNotes(notes, layout),
  ].join("");
}

function summaryOf(canonicals: number, runs: number, findings: readonly Finding[]): string {
  const looked = `${counted(canonicals, "canonical")} and ${counted(runs, "run")} looked at`;
  const wrong = findings.filter(({ kind }) => kind === "does-not-hold").length;
  const unseen = findings.length - wrong;
  if (findings.length === 0) return `${looked}: every claim holds`;
  const parts = [
    ...(wrong === 0 ? [] : [`${counted(wrong, "claim")} ${wrong === 1 ? "does" : "do"} not hold`]),
    ...(unseen === 0 ? [] : [`${unseen} could not be checked`]),
  ];
  return `${looked}: ${parts.join(", ")}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function renderFinding({ rule, kind, claim, evidence, command }: Finding, layout: Layout): string {
  const head = kind === "not-checked" ? `not checked: ${rule}` : `does not hold: ${rule}`;
  return [
    `  ${layout.paint(kind === "not-checked" ? "warning" : "bad", head)}\n`,
    renderParagraph(`claim: ${claim}`, layout, "    "),
    renderParagraph(`found: ${evidence}`, layout, "    "),
    renderCommand(command, layout, "    look:  "),
  ].join("");
}
