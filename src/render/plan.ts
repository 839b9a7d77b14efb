import type { Action, Decision, WhoActs } from "../core/decision/decision.ts";
import { formatDuration } from "../core/duration.ts";
import type { Layout, Tone } from "./paint.ts";
import { renderCommand, renderHeading, renderParagraph } from "./paragraph.ts";
import { type Cell, renderTable } from "./table.ts";

export interface PlanView {
  rows: readonly { decision: Decision; askedAt: string | null }[];
  notEnrolled: readonly { recipe: string; reason: string }[];
  hollowReasons: readonly string[];
  notes: readonly string[];
}

export interface PlanLayout extends Layout {
  /** Milliseconds since the epoch if the facts come from the cache, to show their age; else null. */
  ageAt: number | null;
}

/** The decision table of `plan`, then each row in full that needs a person. */
export function renderPlan(plan: PlanView, layout: PlanLayout): string {
  return [
    renderParagraph(summaryOf(plan), layout),
    plan.rows.length === 0 ? "" : `\n${renderRows(plan, layout)}`,
    plan.rows
      .filter(({ decision }) => needsWords(decision))
      .map(({ decision }) => renderDecision(decision, layout))
      .join(""),
    renderNotEnrolled(plan.notEnrolled, layout),
    renderNotes(plan.notes, layout),
  ].join("");
}

/** Configured recipes that are not enrolled, each with its reason. */
export function renderNotEnrolled(rows: PlanView["notEnrolled"], layout: Layout): string {
  if (rows.length === 0) return "";
  const lines = rows.map(({ recipe, reason }) => renderParagraph(`${recipe}: ${reason}`, layout, "  "));
  return renderHeading("Not enrolled", layout) + lines.join("");
}

export function renderNotes(notes: readonly string[], layout: Layout): string {
  if (notes.length === 0) return "";
  return `\n${notes.map((note) => renderParagraph(note, layout)).join("")}`;
}

function summaryOf({ rows, hollowReasons }: PlanView): string {
  const count = (action: Action) => rows.filter(({ decision }) => decision.action === action).length;
  const sum = `enrolled ${rows.length} = RUN ${count("RUN")} + SKIP ${count("SKIP")} + BLOCKED ${count("BLOCKED")}`;
  return hollowReasons.length === 0 ? sum : `HOLLOW: ${hollowReasons.join("; ")} · ${sum}`;
}

function renderRows(plan: PlanView, layout: PlanLayout): string {
  const titles = ["RECIPE", "ACTION", "REASON", "LATEST", "CANONICAL", "WHO ACTS"];
  if (layout.ageAt !== null) titles.push("FACTS OF");
  const rows = plan.rows.map(({ decision, askedAt }): Cell[] => [
    decision.recipe,
    { text: decision.action, tone: TONES[decision.action] },
    decision.findings.map((finding) => finding.reason).join(", "),
    decision.latest?.version ?? "none",
    decision.canonical?.version ?? "none",
    whoActs(decision.whoActs),
    ageOf(askedAt, layout.ageAt),
  ]);
  return renderTable(titles, rows, layout);
}

const TONES: Record<Action, Tone> = { RUN: "strong", SKIP: "faint", BLOCKED: "bad" };

function whoActs(who: WhoActs): string {
  return who === "nobody" ? "-" : who;
}

function ageOf(askedAt: string | null, now: number | null): string {
  if (now === null) return "";
  if (askedAt === null) return "never asked";
  return `${formatDuration(Math.max(0, now - Date.parse(askedAt)))} ago`;
}

function needsWords(decision: Decision): boolean {
  return decision.whoActs !== "nobody" || decision.action === "BLOCKED" || decision.reason === "held";
}

function renderDecision(decision: Decision, layout: Layout): string {
  const [, ...others] = decision.findings;
  return [
    renderHeading(`${decision.recipe}: ${decision.action} ${decision.reason}`, layout),
    renderParagraph(decision.detail, layout, "  "),
    others.map((other) => renderParagraph(`also ${other.reason}: ${other.detail}`, layout, "  ")).join(""),
    decision.command === undefined ? "" : renderCommand(decision.command, layout, "  "),
  ].join("");
}
